package io.refreshd.store;

import org.jspecify.annotations.Nullable;

/**
 * What a transaction saw of a grant when it had leased it.
 *
 * @param grant {@code null} if it has no token yet
 * @param isAnyCircuitOpen whether there is any: that is cheaper to ask than which they are
 */
record Seen(@Nullable SealedGrant grant, boolean isAnyCircuitOpen) {}
