/** The composition root: builds the tree of objects, starts it, reports, stops it. */
@NullMarked
package io.refreshd.daemon;

import org.jspecify.annotations.NullMarked;
