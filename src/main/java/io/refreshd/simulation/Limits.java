package io.refreshd.simulation;

/**
 * How many redemptions may be in flight.
 *
 * @param concurrency at once
 * @param tenantConcurrency of one tenant
 */
public record Limits(int concurrency, int tenantConcurrency) {}
