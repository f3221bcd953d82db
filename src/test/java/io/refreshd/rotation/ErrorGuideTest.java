package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MarkdownTable;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of kinds in {@code docs/errors.md} says what the program does. */
class ErrorGuideTest {

  private static final List<List<String>> TABLE = MarkdownTable.rows("errors.md", "kind");
  private static final Instant NOW = MutableClock.START;

  private final Grant grant = Grants.sample();

  @Test
  void eachKindHasItsRow() {
    assertThat(TABLE.stream().map(row -> row.get(0)))
        .containsExactlyElementsOf(
            Stream.of(RefusalKind.values()).map(kind -> "`" + kind.word() + "`").toList());
  }

  @ParameterizedTest
  @EnumSource
  void confirmations(RefusalKind kind) {
    int retries = kind.confirmations();

    assertThat(cell(kind, 2)).isEqualTo(retries + (retries == 1 ? " retry" : " retries"));
  }

  @ParameterizedTest
  @EnumSource
  void whatFollows(RefusalKind kind) {
    assertThat(cell(kind, 3)).startsWith(follows(kind));
  }

  @ParameterizedTest
  @EnumSource
  void states(RefusalKind kind) {
    List<String> states =
        Stream.of(first(kind), confirmed(kind)).map(s -> s.state().word()).distinct().toList();

    assertThat(MarkdownTable.words(cell(kind, 4))).isEqualTo(states);
  }

  @ParameterizedTest
  @EnumSource
  void levels(RefusalKind kind) {
    boolean passes = kind.verdict() == RefusalKind.Verdict.NONE;
    GrantStatus later =
        passes ? status(kind, 1, NOW.plus(Duration.ofDays(1)).plusMillis(1)) : confirmed(kind);
    List<String> levels =
        Stream.of(first(kind), later).map(s -> s.level().word()).distinct().toList();

    assertThat(MarkdownTable.words(cell(kind, 5))).isEqualTo(levels);
    assertThat(cell(kind, 5).contains("after a day")).isEqualTo(passes);
  }

  @ParameterizedTest
  @EnumSource
  void whoMendsIt(RefusalKind kind) {
    String who = cell(kind, 6);

    switch (kind.verdict()) {
      case NONE -> assertThat(who).doesNotContain("a person", "an administrator");
      case CONSENT -> assertThat(who).startsWith("a person who signs in");
      case ADMINISTRATOR -> assertThat(who).startsWith("an administrator");
    }
  }

  private String follows(RefusalKind kind) {
    if (confirmed(kind).nextAttemptAt() == null) {
      return "never presented again by itself";
    }
    if (kind.verdict() == RefusalKind.Verdict.NONE) {
      return "retries from " + RetryTable.after(failed(kind, 1)).toSeconds() + " s on";
    }
    Standing confirmed = failed(kind, kind.confirmations() + 1);
    assertThat(confirmed.isConfirmed()).isTrue();
    return "a probe every " + RetryTable.after(confirmed).toHours() + " h";
  }

  private GrantStatus first(RefusalKind kind) {
    return status(kind, 1, NOW);
  }

  private GrantStatus confirmed(RefusalKind kind) {
    return status(kind, kind.confirmations() + 1, NOW);
  }

  private GrantStatus status(RefusalKind kind, int times, Instant at) {
    GrantRecord record = Records.standing(Records.issued(grant, NOW, NOW), failed(kind, times));
    return GrantStatus.of(grant, record, Circuits.NONE, at);
  }

  private static Standing failed(RefusalKind kind, int times) {
    return Records.failed(NOW, Collections.nCopies(times, kind).toArray(new RefusalKind[0]));
  }

  private static String cell(RefusalKind kind, int column) {
    return TABLE.stream()
        .filter(row -> row.get(0).equals("`" + kind.word() + "`"))
        .findFirst()
        .orElseThrow()
        .get(column);
  }
}
