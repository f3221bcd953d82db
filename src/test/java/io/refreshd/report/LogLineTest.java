package io.refreshd.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Trigger;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LogLineTest {

  private static final Instant AT = Instant.parse("2026-11-22T08:00:00.25Z");
  private static final GrantName GRANT = new GrantName("germany", "live");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void aRefusalIsTheseFieldsInThisOrder() {
    Entry refused =
        new Entry(
            AT,
            GRANT,
            Event.REFUSED,
            Trigger.SCHEDULE,
            4,
            Instant.parse("2026-08-24T08:00:00Z"),
            Instant.parse("2026-11-22T08:00:00Z"),
            Duration.ofMillis(123),
            400,
            new Entry.Refusal(
                RefusalKind.INTERACTION_REQUIRED, "invalid_grant", "70043", "token_expired"),
            "11111111-2222-3333-4444-555555555555",
            "66666666-7777-8888-9999-000000000000",
            "sign in again",
            "sha256:0123456789ab");

    assertThat(LogLine.of(new LoggedEntry(17, refused, "web1/3fa9", "ab12")))
        .isEqualTo(
            """
            {"seq":17,"at":"2026-11-22T08:00:00.250Z","grant":"germany/live","event":"refused",\
            "trigger":"schedule","generation":4,"issuedAt":"2026-08-24T08:00:00Z",\
            "expiresAt":"2026-11-22T08:00:00Z","durationMs":123,"httpStatus":400,\
            "kind":"interaction-required","error":"invalid_grant","code":"70043",\
            "suberror":"token_expired","correlationId":"11111111-2222-3333-4444-555555555555",\
            "traceId":"66666666-7777-8888-9999-000000000000","message":"sign in again",\
            "fingerprint":"sha256:0123456789ab","hash":"ab12","node":"web1/3fa9"}""");
  }

  @Test
  void whatIsAbsentIsNull() {
    Entry rotatedKey = Entry.of(AT, null, Event.KEY_ROTATED, null);

    assertThat(LogLine.of(new LoggedEntry(1, rotatedKey, null, "cd34")))
        .isEqualTo(
            """
            {"seq":1,"at":"2026-11-22T08:00:00.250Z","grant":null,"event":"key-rotated",\
            "trigger":null,"generation":null,"issuedAt":null,"expiresAt":null,"durationMs":null,\
            "httpStatus":null,"kind":null,"error":null,"code":null,"suberror":null,\
            "correlationId":null,"traceId":null,"message":null,"fingerprint":null,\
            "hash":"cd34","node":null}""");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "\r",
        "\t",
        "\u001b[2J",
        "\u007f",
        "\u0085",
        "\u009b31m",
        "\u2028",
        "\u2029",
        "\u202e",
        "\ufeff"
      })
  void whatBreaksALineOrATerminalIsEscaped(String nasty) {
    String line = lineWith("before" + nasty + "after");

    assertThat(line).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    assertThat(message(line)).isEqualTo("before" + nasty + "after");
  }

  @Test
  void aNulThatNoDatabaseKeepsIsReplaced() {
    assertThat(message(lineWith("before\u0000after"))).isEqualTo("before\ufffdafter");
  }

  @Test
  void whatPeopleReadStaysReadable() {
    assertThat(lineWith("\u00d6sterreich, \u00a0\u6771\u4eac"))
        .contains("\u00d6sterreich, \u00a0\u6771\u4eac");
  }

  @Property
  void anyMessageComesBackAsItIsStored(@ForAll String message) {
    String line = lineWith(message);

    assertThat(line.lines()).hasSize(1);
    assertThat(message(line)).isEqualTo(message.replace('\0', '\ufffd'));
  }

  @Property
  void aMarkIsReadFromAnyLine(@ForAll String message) {
    assertThat(LogMark.parse(lineWith(message))).contains(new LogMark(5, "ef56"));
  }

  private static String lineWith(String message) {
    return LogLine.of(
        new LoggedEntry(5, Entry.of(AT, GRANT, Event.REFUSED, message), null, "ef56"));
  }

  private static String message(String line) {
    JsonNode parsed = JSON.readTree(line);
    return parsed.get("message").stringValue();
  }
}
