package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.grant.Selector;
import io.refreshd.testing.MutableClock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which entries of the rotation log somebody asked for. */
class LogQueryTest {

  private static final Instant AT = MutableClock.START;

  @Test
  void whoAsksForNothingGetsAll() {
    assertThat(LogQuery.after(3).matches(entry("germany/live", Event.ROTATED))).isTrue();
    assertThat(LogQuery.after(3).matches(entry(null, Event.KEY_ROTATED))).isTrue();
    assertThat(LogQuery.after(3).from(9).after()).isEqualTo(9);
  }

  @Test
  void grantsAreChosenBySelectors() {
    LogQuery query = query(List.of("france", "*/live"), null, null, null, false);

    assertThat(query.matches(entry("germany/live", Event.ROTATED))).isTrue();
    assertThat(query.matches(entry("france/sandbox", Event.ROTATED))).isTrue();
    assertThat(query.matches(entry("germany/sandbox", Event.ROTATED))).isFalse();
    assertThat(query.matches(entry(null, Event.KEY_ROTATED))).isFalse();
  }

  @Test
  void bothEndsOfATimeBelongToIt() {
    Entry entry = entry("germany/live", Event.ROTATED);

    assertThat(query(List.of(), AT, AT, null, false).matches(entry)).isTrue();
    assertThat(query(List.of(), AT.plusMillis(1), null, null, false).matches(entry)).isFalse();
    assertThat(query(List.of(), null, AT.minusMillis(1), null, false).matches(entry)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void anEventIsChosenAndFailuresAreThoseOfAttempts(Event event) {
    Entry entry = entry("germany/live", event);
    boolean failed = event == Event.REFUSED || event == Event.UNREACHABLE;

    assertThat(query(List.of(), null, null, null, true).matches(entry)).isEqualTo(failed);
    assertThat(query(List.of(), null, null, Event.LEARNED, false).matches(entry))
        .isEqualTo(event == Event.LEARNED);
  }

  @Test
  void aLogIsProvenIfNothingIsWrongWithIt() {
    LogFault fault = new LogFault(7, LogFault.Kind.CHANGED, "its hash is another one");

    assertThat(proof(List.of(), 0).isProven()).isTrue();
    assertThat(proof(List.of(fault), 0).isProven()).isFalse();
    assertThat(proof(List.of(), 1).isProven()).isFalse();
    assertThat(fault.kind().word()).isEqualTo("changed");
  }

  private static LogProof proof(List<LogFault> faults, long more) {
    return new LogProof(9, 9, "hash", 9L, null, faults, more, List.of());
  }

  private static LogQuery query(
      List<String> selectors,
      @Nullable Instant since,
      @Nullable Instant until,
      @Nullable Event event,
      boolean failedOnly) {
    List<Selector> parsed = selectors.stream().map(Selector::parse).toList();
    return new LogQuery(0, parsed, since, until, event, failedOnly, 0);
  }

  private static Entry entry(@Nullable String grant, Event event) {
    return Entry.of(AT, grant == null ? null : GrantName.parse(grant), event, null);
  }
}
