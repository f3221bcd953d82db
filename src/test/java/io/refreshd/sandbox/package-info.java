@NullMarked
package io.refreshd.sandbox;

import org.jspecify.annotations.NullMarked;
