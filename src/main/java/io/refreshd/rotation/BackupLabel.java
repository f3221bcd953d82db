package io.refreshd.rotation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a backup says of itself, in clear and protected against changes.
 *
 * @param made when the store was looked at
 * @param store which store it is of: the hash of the first entry of its rotation log, the same for
 *     as long as it lives; {@code null} if nothing had been logged
 * @param last the number of the newest entry of the log, 0 if there is none
 * @param hash of that entry; {@code null} likewise
 * @param grants how many have a token
 * @param schema the version of the store's tables
 */
public record BackupLabel(
    Instant made,
    @Nullable String store,
    long last,
    @Nullable String hash,
    int grants,
    int schema) {}
