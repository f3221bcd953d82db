package io.refreshd.store;

import io.refreshd.rotation.Circuit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction saw of a grant when it had leased it.
 *
 * @param grant {@code null} if it has no token yet
 * @param circuits those that are open; {@code null} if there are some, and they were not read
 */
record Seen(@Nullable SealedGrant grant, @Nullable List<Circuit> circuits) {}
