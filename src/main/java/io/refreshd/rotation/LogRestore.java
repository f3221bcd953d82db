package io.refreshd.rotation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the rotation log that says that the store became another: it explains a log that was
 * gone on with from an earlier point.
 *
 * @param seq the number of the entry
 * @param at when
 * @param message what was done; {@code null} if it does not say
 */
public record LogRestore(long seq, Instant at, @Nullable String message) {}
