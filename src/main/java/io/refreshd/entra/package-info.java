/** Speaks to the token endpoint and turns its answers into a closed set of outcomes. */
@NullMarked
package io.refreshd.entra;

import org.jspecify.annotations.NullMarked;
