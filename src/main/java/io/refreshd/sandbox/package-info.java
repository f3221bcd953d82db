/** A local stand-in for the Entra token endpoint, for trying things out and for the demo. */
@NullMarked
package io.refreshd.sandbox;

import org.jspecify.annotations.NullMarked;
