package io.refreshd.rotation;

import org.jspecify.annotations.Nullable;

/**
 * A lease, and what a rotation must know, as it stood the moment the lease was taken: nobody else
 * changes the grant before the lease ends.
 *
 * @param lease the right to rotate it
 * @param stored the grant with its tokens; {@code null} if it has none yet
 * @param isAnyCircuitOpen whether there is any; mostly there is none, and no need to ask which
 */
public record Leased(Lease lease, @Nullable StoredGrant stored, boolean isAnyCircuitOpen) {}
