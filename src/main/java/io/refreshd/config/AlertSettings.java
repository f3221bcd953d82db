package io.refreshd.config;

import java.time.Duration;
import java.util.List;

/**
 * When people are told, and how.
 *
 * @param ladder the times before a deadline at which they are told of it, falling; never empty
 * @param silence after how long without a successful rotation they are told whatever the reason
 * @param channels in the order of the file; empty if nobody is told
 */
public record AlertSettings(
    List<Duration> ladder, Duration silence, List<ChannelSettings> channels) {

  static final List<Duration> LADDER =
      List.of(
          Duration.ofDays(30),
          Duration.ofDays(14),
          Duration.ofDays(7),
          Duration.ofDays(3),
          Duration.ofDays(1));

  public AlertSettings {
    ladder = List.copyOf(ladder);
    channels = List.copyOf(channels);
  }
}
