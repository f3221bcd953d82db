package io.refreshd.rotation;

import org.jspecify.annotations.Nullable;

/**
 * An entry as it stands in the rotation log.
 *
 * @param seq its number, rising without gaps
 * @param entry what happened
 * @param node which of the daemons that share the store wrote it; {@code null} if a command did,
 *     and where there can be one daemon only
 * @param hash of this entry and the hash before it, lower-case hex SHA-256
 */
public record LoggedEntry(long seq, Entry entry, @Nullable String node, String hash) {}
