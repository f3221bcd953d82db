package io.refreshd.cli;

import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.CredentialStatus;
import io.refreshd.rotation.CredentialStatus.Use;
import io.refreshd.rotation.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The credentials that have something to say: an end, a refusal, or others beside them. */
final class CredentialLines {

  private CredentialLines() {}

  static List<String> of(List<CredentialStatus> credentials, Instant now, Console console) {
    return credentials.stream()
        .filter(CredentialLines::isTelling)
        .map(one -> console.paint(LifeBar.paint(one.level()), line(one, now)))
        .toList();
  }

  private static boolean isTelling(CredentialStatus one) {
    return one.expiresAt() != null || one.use() != Use.IN_USE || one.label().contains(" of ");
  }

  private static String line(CredentialStatus one, Instant now) {
    return "client "
        + one.client()
        + ", "
        + one.label()
        + ": "
        + one.use().word()
        + refusal(one.circuit())
        + end(one, now)
        + "; "
        + Count.of(one.grants().size(), "grant");
  }

  private static String refusal(@Nullable Circuit circuit) {
    Instant since = circuit == null ? null : circuit.standing().failingSince();
    Entry.Refusal why = circuit == null ? null : circuit.standing().why();
    return (since == null ? "" : " since " + since.truncatedTo(ChronoUnit.SECONDS))
        + (why == null || why.code() == null ? "" : " (AADSTS" + why.code() + ")");
  }

  private static String end(CredentialStatus one, Instant now) {
    Instant end = one.expiresAt();
    if (end == null) {
      return "";
    }
    return end.isAfter(now)
        ? ", ends in " + Span.of(Duration.between(now, end))
        : ", ended " + Span.of(Duration.between(end, now)) + " ago";
  }
}
