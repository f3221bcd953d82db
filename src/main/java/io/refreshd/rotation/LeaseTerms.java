package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import java.time.Instant;

/**
 * What is asked for with a lease.
 *
 * @param grant which grant
 * @param now by the clock of the one who asks; a lease that ended before it is free
 * @param until when the lease is to end by itself
 * @param marksPresented whether the lease also marks the current generation as presented, durably:
 *     for single-use servers, where a token must not be presented again after a crash
 */
public record LeaseTerms(GrantName grant, Instant now, Instant until, boolean marksPresented) {}
