package io.refreshd.daemon;

/**
 * What a new sealing key came to.
 *
 * @param resealed how many tokens were sealed anew
 * @param isOldKeyNeeded whether the key file keeps an old key because something on this machine
 *     still needs it
 * @param isStopped whether it was stopped on the way, and has to be run again
 */
public record KeyChange(int resealed, boolean isOldKeyNeeded, boolean isStopped) {}
