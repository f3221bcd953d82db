/** Kills the daemon at every step of a rotation, and counts what that costs. */
@NullMarked
package io.refreshd.crash;

import org.jspecify.annotations.NullMarked;
