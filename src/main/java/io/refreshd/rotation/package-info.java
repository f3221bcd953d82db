/**
 * The core: what a rotation is, when it is due, in which order, with which outcomes; and the ports
 * it needs.
 */
@NullMarked
package io.refreshd.rotation;

import org.jspecify.annotations.NullMarked;
