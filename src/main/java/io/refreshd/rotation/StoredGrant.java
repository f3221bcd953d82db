package io.refreshd.rotation;

import io.refreshd.grant.Generation;
import org.jspecify.annotations.Nullable;

/**
 * A grant with its tokens, as read under a lease.
 *
 * @param record what else the store knows
 * @param current the one current generation
 * @param previous the generation that was presented to get the current one; {@code null} if there
 *     is none
 */
public record StoredGrant(GrantRecord record, Generation current, @Nullable Generation previous) {}
