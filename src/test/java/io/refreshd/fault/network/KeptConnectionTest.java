package io.refreshd.fault.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.fault.network.FaultProxy.Harm;
import io.refreshd.grant.Grant;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the connection that an earlier exchange left behind does to the next one. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeptConnectionTest {

  private final MutableClock clock = new MutableClock();
  private final AtomicInteger grants = new AtomicInteger();
  private FaultyWorld world;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    world = new FaultyWorld(folder, 4);
  }

  @AfterAll
  void stop() {
    world.close();
  }

  /** All grants of Entra share its host, and so its connections. */
  @ParameterizedTest(name = "https: {0}")
  @ValueSource(booleans = {false, true})
  void aGrantIsNotGivenTheSecondAnswerToAnothersRequest(boolean secure) throws IOException {
    try (FaultProxy proxy = proxy(secure, new Harm(Position.AFTER_ANSWER, Fault.DUPLICATE))) {
      List<Grant> grants = List.of(grant(proxy), grant(proxy));

      for (int round = 0; round < 2; round++) {
        for (Grant grant : grants) {
          assertThat(rotate(grant)).isInstanceOf(Outcome.Rotated.class);
          assertThat(stored(grant)).isEqualTo(world.chain(grant).newest());
        }
      }

      assertThat(proxy.requests()).isEqualTo(4);
      assertThat(proxy.connections()).as("each one was given up").isEqualTo(4);
    }
  }

  @ParameterizedTest(name = "https: {0}")
  @ValueSource(booleans = {false, true})
  void aQuietConnectionIsUsedAgain(boolean secure) throws IOException {
    try (FaultProxy proxy = proxy(secure, Harm.NONE)) {
      for (Grant grant : List.of(grant(proxy), grant(proxy))) {
        assertThat(rotate(grant)).isInstanceOf(Outcome.Rotated.class);
      }

      assertThat(proxy.connections()).isEqualTo(1);
    }
  }

  /** The server closes just when the request comes: nobody knows whether it was read. */
  @ParameterizedTest
  @CsvSource({
    "CUT, IN_REQUEST_LINE, false",
    "RESET, IN_REQUEST_LINE, false",
    "CUT, AFTER_REQUEST, false",
    "RESET, AFTER_REQUEST, false",
    "CUT, BEFORE_ANSWER, false",
    "RESET, BEFORE_ANSWER, false",
    "CUT, AFTER_REQUEST, true",
    "TRUNCATE, AFTER_REQUEST, true",
    "RESET, BEFORE_ANSWER, true"
  })
  void aRequestOnAConnectionThatIsClosedUnderItIsNotSentAgain(
      Fault fault, Position position, boolean secure) throws IOException {
    try (FaultProxy proxy = proxy(secure, Harm.NONE)) {
      Grant grant = grant(proxy);
      assertThat(rotate(grant)).isInstanceOf(Outcome.Rotated.class);
      String before = stored(grant);
      proxy.turnTo(new Harm(position, fault));

      Outcome.Failed failed = (Outcome.Failed) rotate(grant);

      assertThat(failed.refused().kind()).isEqualTo(RefusalKind.TRANSIENT);
      assertThat(failed.refused().carried()).isTrue();
      assertThat(proxy.requests()).as("the first, and one more").isEqualTo(2);
      assertThat(stored(grant)).isEqualTo(before);

      proxy.turnTo(Harm.NONE);
      assertThat(rotate(grant)).isInstanceOf(Outcome.Rotated.class);
      assertThat(stored(grant)).isEqualTo(world.chain(grant).newest());
    }
  }

  /** After an answer that was not read to its end nothing may be read from there any more. */
  @ParameterizedTest
  @EnumSource(
      value = Position.class,
      names = {"IN_ANSWER_HEADERS", "BEFORE_TOKEN", "IN_TOKEN"})
  void aConnectionWithHalfAnAnswerIsNotUsedAgain(Position position) throws IOException {
    try (FaultProxy proxy = proxy(false, new Harm(position, Fault.SILENCE))) {
      Grant grant = grant(proxy);

      assertThat(rotateHastily(grant)).isInstanceOf(Outcome.Failed.class);

      proxy.turnTo(Harm.NONE);
      Outcome outcome = rotateHastily(grant);
      for (int i = 0; i < 60 && outcome instanceof Outcome.Failed; i++) {
        outcome = rotateHastily(grant); // a slow machine may miss the deadline
      }
      assertThat(outcome).isInstanceOf(Outcome.Rotated.class);
      assertThat(stored(grant)).isEqualTo(world.chain(grant).newest());
    }
  }

  private FaultProxy proxy(boolean secure, Harm harm) throws IOException {
    return new FaultProxy(world.server(), secure ? world.tls() : null, harm, world.threads());
  }

  private Grant grant(FaultProxy proxy) {
    String name = "kept/" + grants.incrementAndGet();
    Grant grant = FaultyWorld.grant(name, proxy.uri(), false);
    var unused = world.bringIn(grant);
    return grant;
  }

  private Outcome rotate(Grant grant) {
    clock.advance(Duration.ofDays(10));
    return world.rotator(world.redeemer(false), clock).rotate(grant, Trigger.SCHEDULE);
  }

  private Outcome rotateHastily(Grant grant) {
    clock.advance(Duration.ofDays(1));
    return world.rotator(world.redeemer(true), clock).rotate(grant, Trigger.SCHEDULE);
  }

  private String stored(Grant grant) {
    return world.store().find(grant.name()).orElseThrow().current().token().reveal();
  }
}
