/** Values: a grant, its secret, one generation of it, its clocks. Nothing here but the JDK. */
@NullMarked
package io.refreshd.grant;

import org.jspecify.annotations.NullMarked;
