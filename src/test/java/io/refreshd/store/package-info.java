/** The token store, through its port and on real files. */
@NullMarked
package io.refreshd.store;

import org.jspecify.annotations.NullMarked;
