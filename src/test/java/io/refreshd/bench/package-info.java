/** Measurements, each a program of its own. None runs in a build. */
@NullMarked
package io.refreshd.bench;

import org.jspecify.annotations.NullMarked;
