package io.refreshd.simulation;

import java.time.Instant;

/**
 * The busiest second, minute or hour.
 *
 * @param redemptions how many requests were made in it
 * @param at when it began, the first of those that are alike; the start if there was none
 */
public record Peak(long redemptions, Instant at) {}
