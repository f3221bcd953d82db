package io.refreshd.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.GrantName;
import io.refreshd.grant.Identity;
import io.refreshd.rotation.Clocks;
import io.refreshd.rotation.CredentialStatus;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.Node;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Standing;
import io.refreshd.rotation.State;
import io.refreshd.rotation.StoreException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StatusDocumentTest {

  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final Instant ISSUED = NOW.minus(Duration.ofDays(1));
  private static final GrantName LIVE = new GrantName("germany", "live");
  private static final Standing ROTATED = Standing.good(ISSUED, Event.ROTATED);

  @Test
  void aHealthyGrantIsTheseFieldsInThisOrder() {
    assertThat(document(List.of(healthy(Duration.ofDays(89))), List.of(), List.of(), NOW))
        .isEqualTo(
            """
            {"at":"2026-11-22T08:00:00Z","grants":[{"grant":"germany/live",\
            "state":"healthy","level":"ok","generation":4,"issuedAt":"2026-11-21T08:00:00Z",\
            "signedInAt":null,"expiresAt":"2027-02-19T08:00:00Z","signInExpiresAt":null,\
            "nextAttemptAt":"2026-11-29T08:00:00Z","daysLeft":89,"lastOutcome":"rotated",\
            "lastAttemptAt":"2026-11-21T08:00:00Z","kind":null,"code":null,"message":null,\
            "clock":"issue","clockSource":null,"clockSince":null}],"credentials":[],"nodes":[],"warnings":[],"level":"ok"}""");
  }

  @Test
  void noGrantIsOk() {
    assertThat(document(List.of(), List.of(), List.of(), NOW))
        .isEqualTo(
            "{\"at\":\"2026-11-22T08:00:00Z\",\"grants\":[],"
                + "\"credentials\":[],\"nodes\":[],\"warnings\":[],\"level\":\"ok\"}");
  }

  @Test
  void aStoreThatFailsInTheMidstOfItLeavesNothingThatLooksWhole() {
    StringWriter written = new StringWriter();

    assertThatThrownBy(
            () ->
                StatusDocument.write(
                    written,
                    reader -> {
                      reader.accept(healthy(Duration.ofDays(89)));
                      throw new StoreException("gone", null);
                    },
                    List.of(),
                    List.of(),
                    List.of(),
                    NOW))
        .hasMessage("gone");

    assertThatThrownBy(() -> JsonMapper.builder().build().readTree(written.toString()))
        .isInstanceOf(JacksonException.class);
  }

  @Test
  void aNodeIsTheseFieldsInThisOrder() {
    Node node =
        new Node(
            "web1/3fa9c2d1",
            "1.5",
            4,
            Duration.ofMillis(-1_250),
            NOW.minus(Duration.ofHours(2)),
            NOW.minusSeconds(20),
            Duration.ofSeconds(20));

    assertThat(document(List.of(), List.of(), List.of(node), NOW))
        .endsWith(
            """
            "nodes":[{"node":"web1/3fa9c2d1","alive":false,"version":"1.5","schema":4,\
            "startedAt":"2026-11-22T06:00:00Z","seenAt":"2026-11-22T07:59:40Z",\
            "clockAheadMs":-1250}],"warnings":[],"level":"ok"}""");
  }

  @Test
  void theWorstGrantIsTheLevelOfAll() {
    GrantStatus fresh =
        new GrantStatus(
            new GrantName("france", "live"), State.NEW, Level.WARNING, null, null, null, NOW);

    assertThat(parsed(healthy(Duration.ofDays(9)), fresh).get("level").stringValue())
        .isEqualTo("warning");
  }

  @Test
  void aGrantWithoutATokenHasNoTimes() {
    JsonNode grant = grant(new GrantStatus(LIVE, State.NEW, Level.WARNING, null, null, null, NOW));

    assertThat(grant.get("state").stringValue()).isEqualTo("new");
    assertThat(List.of("generation", "issuedAt", "nextAttemptAt", "daysLeft", "lastOutcome"))
        .allSatisfy(name -> assertThat(grant.get(name).isNull()).as(name).isTrue());
  }

  @Test
  void daysLeftAreNeverRoundedUp() {
    assertThat(
            document(List.of(healthy(Duration.ofDays(1).dividedBy(7))), List.of(), List.of(), NOW))
        .contains("\"daysLeft\":0.1428,");
    assertThat(document(List.of(healthy(Duration.ofMillis(-1))), List.of(), List.of(), NOW))
        .contains("\"daysLeft\":-0.0001,");
    assertThat(document(List.of(healthy(Duration.ofDays(90))), List.of(), List.of(), NOW))
        .contains("\"daysLeft\":90,");
  }

  @Test
  void aRefusalTellsItsKindItsCodeAndWhy() {
    JsonNode grant = grant(refused(RefusalKind.INTERACTION_REQUIRED, State.NEEDS_CONSENT));

    assertThat(grant.get("state").stringValue()).isEqualTo("needs-consent");
    assertThat(grant.get("level").stringValue()).isEqualTo("critical");
    assertThat(grant.get("kind").stringValue()).isEqualTo("interaction-required");
    assertThat(grant.get("code").stringValue()).isEqualTo("50076");
    assertThat(grant.get("message").stringValue()).isEqualTo("sign in \"again\"");
    assertThat(grant.get("nextAttemptAt").isNull()).isFalse();
  }

  @Test
  void afterALostAnswerNoAttemptIsPlanned() {
    JsonNode grant = grant(refused(RefusalKind.LOST_ANSWER, State.NEEDS_CONSENT));

    assertThat(grant.get("nextAttemptAt").isNull()).isTrue();
  }

  private static GrantStatus healthy(Duration left) {
    return status(State.HEALTHY, Level.OK, ROTATED, NOW.plus(left));
  }

  private static GrantStatus refused(RefusalKind kind, State state) {
    Entry.Refusal why = new Entry.Refusal(kind, "invalid_grant", "50076", null);
    Standing standing = new Standing(3, 3, NOW, NOW, Event.REFUSED, why, "sign in \"again\"");
    return status(state, Level.CRITICAL, standing, NOW.plus(Duration.ofDays(80)));
  }

  private static GrantStatus status(
      State state, Level level, Standing standing, @Nullable Instant expiresAt) {
    GrantRecord record =
        new GrantRecord(
            LIVE,
            4,
            "sha256:0123456789ab",
            ISSUED,
            expiresAt,
            null,
            NOW.plus(Duration.ofDays(7)),
            Identity.UNKNOWN,
            Learned.NOTHING,
            standing,
            false);
    Clocks clocks = new Clocks(ISSUED, expiresAt, null, null, null, null);
    return new GrantStatus(LIVE, state, level, record, clocks, null, NOW);
  }

  private static JsonNode grant(GrantStatus status) {
    return parsed(status).get("grants").get(0);
  }

  private static JsonNode parsed(GrantStatus... grants) {
    return JsonMapper.builder()
        .build()
        .readTree(document(List.of(grants), List.of(), List.of(), NOW));
  }

  private static String document(
      List<GrantStatus> grants, List<CredentialStatus> credentials, List<Node> nodes, Instant at) {
    StringWriter written = new StringWriter();
    var unused = StatusDocument.write(written, grants::forEach, credentials, nodes, List.of(), at);
    return written.toString();
  }
}
