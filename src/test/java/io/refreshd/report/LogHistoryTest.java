package io.refreshd.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.report.LogHistory.Anchor;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.Sightings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files that hold parts of two logs, one after the other, are known to hold whole. */
class LogHistoryTest {

  @TempDir Path folder;

  private static List<String> lines(String log, int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(
            seq ->
                new LoggedEntry(
                    seq,
                    Entry.of(Instant.EPOCH, new GrantName("idp", "main"), Event.ROTATED, null),
                    null,
                    log + seq))
        .map(LogLine::of)
        .toList();
  }

  private boolean isWhole(List<String> before, List<String> after, Anchor from, Anchor to)
      throws IOException {
    Path file = folder.resolve("rotation.log");
    Files.write(file, Stream.concat(before.stream(), after.stream()).toList());
    return new LogHistory(file, from, to, new Sightings(name -> true)).read();
  }

  @Test
  void aLogThatWasGoneOnWithFromItsBeginningIsWhole() throws IOException {
    assertThat(
            isWhole(
                lines("a", 1, 9), lines("b", 1, 12), new Anchor(5, "a5"), new Anchor(12, "b12")))
        .isTrue();
  }

  @Test
  void ofALogThatBeginsLaterNobodyKnowsWhatCameBefore() throws IOException {
    assertThat(
            isWhole(
                lines("a", 1, 9), lines("b", 8, 12), new Anchor(5, "a5"), new Anchor(12, "b12")))
        .isFalse();
    assertThat(
            isWhole(
                lines("a", 1, 9), lines("b", 4, 12), new Anchor(5, "a5"), new Anchor(12, "b12")))
        .isFalse();
  }

  @Test
  void aLogThatBeginsLaterIsWholeFromWhatItHas() throws IOException {
    assertThat(
            isWhole(
                lines("a", 1, 9), lines("b", 8, 12), new Anchor(10, "b10"), new Anchor(12, "b12")))
        .isTrue();
  }
}
