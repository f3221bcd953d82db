package io.refreshd.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry that the rotation log had and has no more: the store is older than it, or its log was
 * cut or rewritten.
 *
 * @param keptAt when it was written down apart from the store; {@code null} if this process has
 *     seen it there itself
 */
public record LostHead(LogHead head, @Nullable Instant keptAt) {}
