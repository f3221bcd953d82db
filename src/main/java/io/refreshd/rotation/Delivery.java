package io.refreshd.rotation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An alert on its way through one channel.
 *
 * @param id its number, rising
 * @param channel the channel's name
 * @param alert what is to be told
 * @param attempts how many have failed
 * @param nextAttemptAt when to try next
 * @param lastError why the last attempt failed; {@code null} if none did
 */
public record Delivery(
    long id,
    String channel,
    Alert alert,
    int attempts,
    Instant nextAttemptAt,
    @Nullable String lastError) {}
