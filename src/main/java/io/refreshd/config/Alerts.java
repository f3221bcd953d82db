package io.refreshd.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;

/** Reads when people are told, and how. */
final class Alerts {

  private final Channels channels;
  private final References references;

  Alerts(References references, SecretReferences secrets) {
    this.references = references;
    this.channels = new Channels(references, secrets);
  }

  /** The settings; without channels if references are left alone. */
  AlertSettings read(Fields top) {
    Fields section = Storage.section(top, AlertKeys.ALERTS_SECTION, Level.ALERTS);
    List<Duration> ladder = section.value(AlertKeys.LADDER);
    Duration silence = section.value(AlertKeys.SILENCE);
    List<ChannelSettings> read =
        NamedEntries.read(section, AlertKeys.CHANNELS, Level.CHANNEL, new HashMap<>()).stream()
            .flatMap(channel -> channels.read(channel).stream())
            .toList();
    return new AlertSettings(
        ladder == null ? AlertSettings.LADDER : ladder,
        Objects.requireNonNull(silence == null ? AlertKeys.SILENCE.standardValue() : silence),
        references == References.RESOLVE ? read : List.of());
  }
}
