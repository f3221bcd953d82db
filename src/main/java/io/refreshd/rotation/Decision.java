package io.refreshd.rotation;

/**
 * Whether to rotate now.
 *
 * @param due whether
 * @param reason for a person, without the grant's name
 */
public record Decision(boolean due, String reason) {}
