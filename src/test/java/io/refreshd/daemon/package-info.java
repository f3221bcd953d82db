/** The daemon as a whole, with a real store, against the sandbox. */
@NullMarked
package io.refreshd.daemon;

import org.jspecify.annotations.NullMarked;
