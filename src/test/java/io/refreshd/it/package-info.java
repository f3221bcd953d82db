/** The packaged jar, run as operators run it. */
@NullMarked
package io.refreshd.it;

import org.jspecify.annotations.NullMarked;
