/**
 * Generations and the rotation log in a database, sealed, in one transaction; and the spool that
 * catches what it could not take.
 */
@NullMarked
package io.refreshd.store;

import org.jspecify.annotations.NullMarked;
