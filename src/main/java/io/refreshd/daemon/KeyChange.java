package io.refreshd.daemon;

/**
 * What a new sealing key came to.
 *
 * @param resealed how many tokens were sealed anew
 * @param isComplete whether the key file holds the new key alone
 */
public record KeyChange(int resealed, boolean isComplete) {}
