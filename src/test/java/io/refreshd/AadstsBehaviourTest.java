package io.refreshd;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.State;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every number of the AADSTS table, answered over HTTP as Entra does, four times in a row: which
 * kind it is, when it is tried again, how the grant stands after each, and that its token is kept.
 */
class AadstsBehaviourTest {

  private static final int DAY = 86_400;
  private static final int HALF = DAY / 2;

  /** What follows from a class: the waits after the first four refusals, the state after each. */
  private record Behaviour(RefusalKind kind, List<Duration> waits, List<State> states) {

    /** The state is another one when two retries have said the same. */
    static Behaviour of(RefusalKind kind, State before, State after, int... waits) {
      return new Behaviour(
          kind,
          Arrays.stream(waits).mapToObj(Duration::ofSeconds).toList(),
          List.of(before, before, after, after));
    }
  }

  private static final Map<String, Behaviour> BEHAVIOURS =
      Map.of(
          "TRANSIENT",
          Behaviour.of(RefusalKind.TRANSIENT, State.RETRYING, State.RETRYING, 30, 60, 120, 300),
          "THROTTLED",
          Behaviour.of(RefusalKind.THROTTLED, State.RETRYING, State.RETRYING, 75, 75, 120, 300),
          "TOKEN_DEAD",
          Behaviour.of(RefusalKind.DEAD, State.RETRYING, State.NEEDS_CONSENT, 30, 60, HALF, HALF),
          "INTERACTION_REQUIRED",
          Behaviour.of(
              RefusalKind.INTERACTION_REQUIRED,
              State.RETRYING,
              State.NEEDS_CONSENT,
              30,
              60,
              HALF,
              HALF),
          "ACCOUNT",
          Behaviour.of(RefusalKind.ACCOUNT, State.RETRYING, State.BLOCKED, 30, 60, HALF, HALF),
          "CONFIGURATION",
          Behaviour.of(RefusalKind.CONFIGURATION, State.BLOCKED, State.BLOCKED, 30, DAY, DAY, DAY));

  private static final MutableClock CLOCK = new MutableClock();
  private static final WireMockServer SERVER = new WireMockServer(options().dynamicPort());
  private static final EntraTokenRedeemer REDEEMER = new EntraTokenRedeemer(CLOCK);

  private final InMemoryTokenStore store = new InMemoryTokenStore(CLOCK);
  private final RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
  private final Rotator rotator = new Rotator(store, REDEEMER, policy, (entry, kept) -> {}, CLOCK);

  @BeforeAll
  static void startServer() {
    SERVER.start();
  }

  @AfterAll
  static void stopServer() {
    REDEEMER.close();
    SERVER.stop();
  }

  private static void answerWith(String code) {
    String body =
        """
        {"error":"invalid_grant","error_description":"AADSTS%1$s: as the table says.\\r\\n\
        Trace ID: 0\\r\\nCorrelation ID: 0\\r\\nTimestamp: 2026-01-09 02:02:12Z",\
        "error_codes":[%1$s],"timestamp":"2026-01-09 02:02:12Z","trace_id":"0",\
        "correlation_id":"0"}"""
            .formatted(code);
    SERVER.resetAll();
    SERVER.stubFor(post(anyUrl()).willReturn(jsonResponse(body, 400)));
  }

  private Grant grant = Grants.sample();

  @BeforeEach
  void aGrantOfThatServer() {
    URI authority = URI.create("http://localhost:" + SERVER.port());
    grant =
        Grants.named("germany/live")
            .endpoint(
                new TokenEndpoint.V2(
                    authority,
                    "11111111-2222-3333-4444-555555555555",
                    List.of("https://api.partnercenter.microsoft.com/user_impersonation")))
            .build();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("rows")
  void eachNumberIsTheKindThatItIsAndFollowedByWhatFollows(String number, String clazz) {
    Behaviour expected = Objects.requireNonNull(BEHAVIOURS.get(clazz));
    answerWith(number);
    rotator.bringIn(
        grant, new Import(RefreshToken.of("kept"), CLOCK.instant(), null, false, false));
    CLOCK.advance(Duration.ofDays(8));
    for (int i = 0; i < 4; i++) {
      Instant now = CLOCK.instant();
      Outcome.Failed failed = (Outcome.Failed) rotator.rotate(grant, Trigger.SCHEDULE);
      assertThat(failed.refused().kind()).isEqualTo(expected.kind);
      assertThat(failed.refused().refusal().code()).isEqualTo(number);
      assertThat(status().state()).as("after refusal %d", i + 1).isEqualTo(expected.states.get(i));
      assertThat(Duration.between(now, failed.nextAttemptAt()).toMillis() / 1000d)
          .as("wait after refusal %d", i + 1)
          .isBetween(seconds(expected, i) * 0.8, seconds(expected, i) * 1.2);
      CLOCK.set(failed.nextAttemptAt());
    }
    assertThat(store.find(grant.name()).orElseThrow().current().token())
        .isEqualTo(RefreshToken.of("kept"));
    assertThat(store.entries()).filteredOn(entry -> entry.event() == Event.REFUSED).hasSize(4);
  }

  private static long seconds(Behaviour expected, int i) {
    return expected.waits.get(i).toSeconds();
  }

  private GrantStatus status() {
    GrantRecord record = store.findRecord(grant.name()).orElseThrow();
    return GrantStatus.of(grant, record, Circuits.of(store.circuits()), CLOCK.instant());
  }

  static Stream<Arguments> rows() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(EntraTokenRedeemer.class.getResourceAsStream("aadsts.tsv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .skip(1)
              .map(line -> line.split("\t", -1))
              .map(row -> Arguments.of(row[0], row[2]))
              .toList()
              .stream();
    }
  }
}
