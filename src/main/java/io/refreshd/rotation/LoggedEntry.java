package io.refreshd.rotation;

/**
 * An entry as it stands in the rotation log.
 *
 * @param seq its number, rising without gaps
 * @param entry what happened
 * @param hash of this entry and the hash before it, lower-case hex SHA-256
 */
public record LoggedEntry(long seq, Entry entry, String hash) {}
