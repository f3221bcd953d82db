@NullMarked
package io.refreshd.simulation;

import org.jspecify.annotations.NullMarked;
