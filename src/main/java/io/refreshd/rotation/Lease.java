package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import java.time.Instant;

/**
 * The time-limited right to rotate a grant. While it is live no other process gets one.
 *
 * @param grant which grant
 * @param id unique to this lease
 * @param until when it ends by itself
 */
public record Lease(GrantName grant, String id, Instant until) {}
