package io.refreshd.rotation;

import io.refreshd.grant.RefreshToken;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token that a person brings in from outside.
 *
 * @param token the token
 * @param issuedAt when it was issued; {@code null} if nobody knows
 * @param signedInAt when a person signed in for it; {@code null} if nobody knows
 * @param redeem whether to redeem it at once
 * @param newUser whether it may be another user's than the one recorded
 */
public record Import(
    RefreshToken token,
    @Nullable Instant issuedAt,
    @Nullable Instant signedInAt,
    boolean redeem,
    boolean newUser) {}
