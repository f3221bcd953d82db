package io.refreshd.simulation;

import io.refreshd.grant.GrantName;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a grant.
 *
 * @param grant which
 * @param isNew whether it had no token, and was taken as enrolled at the start
 * @param rotations how often it was rotated
 * @param failures how many attempts failed
 * @param oldest the largest age that its current token reached
 * @param oldestAt when
 * @param leastLeft the shortest life that was ever left to it, by the clock that ends first; zero
 *     if it died
 * @param death {@code null} if it lives
 */
public record Fate(
    GrantName grant,
    boolean isNew,
    int rotations,
    int failures,
    Duration oldest,
    Instant oldestAt,
    Duration leastLeft,
    @Nullable Death death) {}
