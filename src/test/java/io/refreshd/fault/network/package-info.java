/** A network that fails at every place of an exchange, and what becomes of a rotation. */
@NullMarked
package io.refreshd.fault.network;

import org.jspecify.annotations.NullMarked;
