package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.Alerter;
import io.refreshd.rotation.Delivery;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.OpenAlert;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.SkewWatch;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenRedeemer;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.Answers;
import io.refreshd.testing.ClientServer;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryAlertStore;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.LogRecorder;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.ScriptedAlerter;
import io.refreshd.testing.ScriptedAlerter.Arrival;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A fleet behind one secret, and people who are to be told. The clock is turned by hand. */
class AlertingTest {

  private static final Duration NEVER_BY_ITSELF = Duration.ofDays(1);
  private static final List<Duration> LADDER = List.of(Duration.ofDays(30), Duration.ofDays(7));

  private final MutableClock clock = new MutableClock();
  private final InMemoryTokenStore tokens = new InMemoryTokenStore(clock);
  private final InMemoryAlertStore store = new InMemoryAlertStore();
  private final ScriptedAlerter alerter = new ScriptedAlerter("ops", "mail");
  private final ClientServer server = new ClientServer(clock, "client-secret");
  private final List<Grant> fleet = Grants.fleet(12);
  private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
  private final List<Alerting> running = new ArrayList<>();
  private final ToldInTheLog toldInTheLog = new ToldInTheLog();

  @BeforeEach
  void tokensAreThere() throws InterruptedException {
    Rotator rotator = rotator();
    for (Grant grant : fleet) {
      rotator.bringIn(grant, new Import(RefreshToken.of("first"), null, null, true, false));
    }
  }

  @AfterEach
  void stopAll() throws InterruptedException {
    alerter.mend("ops");
    alerter.mend("mail");
    for (Alerting one : running) {
      one.close();
    }
  }

  @Test
  void ofAFleetThatIsWellNobodyIsTold() {
    Alerting alerting = alerting(alerter);

    alerting.look();

    assertThat(store.deliveries()).isEmpty();
    assertThat(store.open()).isEmpty();
  }

  @Test
  void twentyFourGrantsBehindOneSecretAreOneAlertPerChannelAndOneRecovery() throws Exception {
    Alerting alerting = alerting(alerter);
    refuseTheSecret();

    alerting.look();
    List<Arrival> raised = List.of(alerter.next(), alerter.next());
    assertThat(raised).extracting(Arrival::channel).containsExactlyInAnyOrder("ops", "mail");
    assertThat(raised.get(0).alert().concerns()).hasSize(24);
    assertThat(raised.get(0).alert().cause()).startsWith("circuit/credential:");
    awaitEntries(2, Event.ALERTED);
    clock.advance(Duration.ofHours(2));
    alerting.look();
    assertThat(store.deliveries()).isEmpty();

    server.accept("client-secret");
    fleet.forEach(grant -> rotator().rotate(grant, Trigger.MANUAL));
    alerting.look();
    assertThat(List.of(alerter.next(), alerter.next()))
        .extracting(arrival -> arrival.alert().change())
        .containsOnly(Change.RECOVERED);
    awaitEntries(2, Event.ALERTED);
    assertThat(alerter.rest()).isEmpty();
  }

  @Test
  void aChannelThatHangsHoldsUpNoOther() throws Exception {
    alerter.hang("ops");
    Alerting alerting = alerting(alerter);
    refuseTheSecret();
    alerting.look();
    alerter.awaitHanging();

    assertThat(alerter.next().channel()).isEqualTo("mail");
    clock.advance(Duration.ofDays(1));
    alerting.look();

    Arrival reminder = alerter.next();
    assertThat(reminder.channel()).isEqualTo("mail");
    assertThat(reminder.alert().change()).isEqualTo(Change.REMINDED);
  }

  @Test
  void whatFailedIsRetriedAndTheLogSaysBoth() throws Exception {
    alerter.fail("ops", "no route to host");
    Alerting alerting = alerting(alerter);
    refuseTheSecret();
    alerting.look();
    alerter.next(); // by mail
    List<Entry> first = awaitEntries(2, Event.ALERTED, Event.ALERT_FAILED);
    assertThat(first)
        .filteredOn(entry -> entry.event() == Event.ALERT_FAILED)
        .singleElement()
        .satisfies(entry -> assertThat(entry.message()).contains("[ops]", "no route to host"));

    alerter.mend("ops");
    clock.advance(Duration.ofSeconds(30));
    alerting.look();

    assertThat(alerter.next().channel()).isEqualTo("ops");
    assertThat(awaitEntries(1, Event.ALERTED).get(0).message()).contains("[ops]");
  }

  @Test
  void anAlertThatArrivedWithoutAnAnswerIsRecoveredFrom() throws Exception {
    ScriptedAlerter alerter = new ScriptedAlerter("ops");
    alerter.silence("ops");
    Alerting alerting = alerting(alerter);
    refuseTheSecret();
    alerting.look();
    assertThat(alerter.next().alert().change()).isEqualTo(Change.RAISED);
    awaitEntries(1, Event.ALERT_FAILED);

    alerter.mend("ops");
    server.accept("client-secret");
    fleet.forEach(grant -> rotator().rotate(grant, Trigger.MANUAL));
    alerting.look();

    assertThat(alerter.next().alert().change()).isEqualTo(Change.RECOVERED);
  }

  @Test
  void aDaemonThatStandsBackTellsNobodyAnything() throws Exception {
    Alerting ahead = alerting(new ScriptedAlerter("ops"));
    refuseTheSecret();
    ahead.standBack(true);
    ahead.look();
    assertThat(store.open()).isEmpty();

    ahead.standBack(false);
    ahead.look();
    assertThat(awaitEntries(1, Event.ALERTED).get(0).message()).contains("[ops]");
  }

  @Test
  void aDaemonThatStandsBackDeliversNothing() throws Exception {
    ScriptedAlerter through = new ScriptedAlerter("ops");
    through.fail("ops", "no route to host");
    Alerting alerting = alerting(through);
    refuseTheSecret();
    alerting.look();
    awaitEntries(1, Event.ALERT_FAILED);
    through.mend("ops");
    clock.advance(Duration.ofHours(1));
    alerting.standBack(true);

    alerting.start(); // as after a reload: it delivers what waits
    alerting.close();

    assertThat(through.rest()).isEmpty();
    assertThat(store.deliveries()).hasSize(1);
  }

  @Test
  void aLookThatAReloadAbandonedWritesNothing() {
    List<Alerting> self = new ArrayList<>();
    Survey abandoned =
        look -> {
          closed(self.get(0));
          survey(fleet, new SkewWatch()).fill(look);
        };
    Alerting alerting = alerting(abandoned, alerter);
    self.add(alerting);
    refuseTheSecret();

    alerting.look();

    assertThat(store.open()).isEmpty();
    assertThat(store.deliveries()).isEmpty();
  }

  private static void closed(Alerting alerting) {
    try {
      alerting.close();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRestartDoesNotSayThatTheClocksAgreeAgain() throws Exception {
    SkewWatch before = new SkewWatch();
    answer(fleet.get(0), Duration.ofMinutes(5), before);
    ScriptedAlerter ops = new ScriptedAlerter("ops");
    alerting(survey(fleet, before), ops).look();
    assertThat(ops.next().alert().cause()).isEqualTo("clock-skew");
    awaitEntries(1, Event.ALERTED);

    SkewWatch after = new SkewWatch();
    Alerting restarted = alerting(survey(fleet, after), ops);
    restarted.look();
    assertThat(store.open()).singleElement().matches(OpenAlert::isStanding);
    assertThat(store.deliveries()).isEmpty();

    answer(fleet.get(0), Duration.ZERO, after);
    restarted.look();
    assertThat(ops.next().alert().change()).isEqualTo(Change.RECOVERED);
  }

  @Test
  void aServerThatIsNoLongerAskedIsNoTroubleAnyMore() throws Exception {
    SkewWatch skew = new SkewWatch();
    answer(fleet.get(0), Duration.ofMinutes(5), skew);
    ScriptedAlerter ops = new ScriptedAlerter("ops");
    alerting(survey(fleet, skew), ops).look();
    assertThat(ops.next().alert().change()).isEqualTo(Change.RAISED);

    Grant elsewhere =
        Grants.named("elsewhere/main")
            .endpoint(
                new TokenEndpoint.Plain(URI.create("https://sso.example.org/token"), List.of()))
            .build();
    alerting(survey(List.of(elsewhere), skew), ops).look();

    assertThat(ops.next().alert().change()).isEqualTo(Change.RECOVERED);
  }

  @Test
  void aRefusalIsLookedAtAtOnceAndNotOnTheThreadOfTheRotation() throws Exception {
    Alerting alerting = alerting(alerter);
    alerting.look();
    refuseTheSecret();
    alerter.hang("ops");
    alerter.hang("mail");

    alerting.told(
        Entry.of(clock.instant(), fleet.get(0).name(), Event.REFUSED, "no"),
        TokenStore.Kept.STORED);

    alerter.awaitHanging(); // told() has returned although nothing was delivered
  }

  @Test
  void aRefusalJustAfterAReloadIsLookedAtAtOnce() throws Exception {
    Alerting before = alerting(alerter);
    before.look();
    before.close();
    Alerting reloaded = alerting(alerter);
    reloaded.takeOver(before);
    refuseTheSecret();

    reloaded.told(
        Entry.of(clock.instant(), fleet.get(0).name(), Event.REFUSED, "no"),
        TokenStore.Kept.STORED);

    assertThat(alerter.next().alert().change()).isEqualTo(Change.RAISED);
  }

  @Test
  void reloadsThatFollowEachOtherCloselyDoNotPutTheLooksOff() throws Exception {
    Alerting before = alerting(survey(fleet, new SkewWatch()), alerter, Duration.ofMillis(200));
    before.close();
    Alerting reloaded = alerting(alerter);
    reloaded.takeOver(before);
    reloaded.close();
    Alerting again = alerting(alerter);
    again.takeOver(reloaded);
    refuseTheSecret();

    again.start();

    assertThat(alerter.next().alert().change()).isEqualTo(Change.RAISED);
  }

  @Test
  void itStopsWithinASecondAndDeliversWhatWasInFlightAfterTheRestart() throws Exception {
    alerter.hang("ops");
    Alerting first = alerting(alerter);
    refuseTheSecret();
    first.look();
    alerter.awaitHanging();
    alerter.next(); // by mail
    awaitEntries(1, Event.ALERTED);

    long start = System.nanoTime();
    first.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_500));

    clock.advance(Duration.ofMinutes(3));
    ScriptedAlerter mended = new ScriptedAlerter("ops", "mail");
    alerting(mended).start();
    assertThat(mended.next().channel()).isEqualTo("ops");
    assertThat(awaitEntries(1, Event.ALERTED).get(0).message()).contains("[ops]");
    assertThat(mended.rest()).isEmpty();
  }

  @Test
  void whatWaitsForAChannelThatIsGoneIsDroppedAtTheStart() throws Exception {
    alerter.fail("ops", "no route to host");
    Alerting first = alerting(alerter);
    refuseTheSecret();
    first.look();
    awaitEntries(2, Event.ALERTED, Event.ALERT_FAILED);
    first.close();

    alerting(new ScriptedAlerter("mail")).start();

    assertThat(awaitEntries(1, Event.ALERT_FAILED).get(0).message())
        .contains("[ops]", "no longer configured");
    assertThat(store.deliveries()).isEmpty();
  }

  @Test
  void withoutAChannelAReloadNeitherTellsAgainNorForgetsTheRecovery() throws Exception {
    try (LogRecorder log = new LogRecorder()) {
      Alerting before = alerting(new ScriptedAlerter());
      refuseTheSecret();
      before.look();
      before.close();

      Alerting after = alerting(new ScriptedAlerter());
      after.look();
      server.accept("client-secret");
      fleet.forEach(grant -> rotator().rotate(grant, Trigger.MANUAL));
      after.look();

      assertThat(log.lines().stream().filter(line -> line.contains("circuit/credential:")))
          .extracting(line -> line.substring(0, line.indexOf(':')))
          .containsExactly("WARN critical alert", "INFO recovered");
    }
  }

  @Test
  void withoutAChannelTheLogTells() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger(Alerting.class);
    Level before = logger.getLevel();
    logger.setLevel(Level.INFO);
    logger.addAppender(log);
    try {
      Alerting alerting = alerting(new ScriptedAlerter());
      refuseTheSecret();
      alerting.look();
      alerting.look();
      server.accept("client-secret");
      fleet.forEach(grant -> rotator().rotate(grant, Trigger.MANUAL));
      alerting.look();
    } finally {
      logger.setLevel(before);
      logger.detachAppender(log);
    }

    assertThat(log.list)
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.WARN, Level.INFO);
    assertThat(log.list.get(0).getFormattedMessage())
        .contains("critical", "market-1/live and 23 others", "secret", "AADSTS7000222");
    assertThat(log.list.get(1).getFormattedMessage()).contains("recovered", "market-1/live");
    assertThat(store.open()).isEmpty();
    assertThat(store.deliveries()).isEmpty();
  }

  @Test
  void aStoreThatCannotBeWrittenIsTriedAgainByTheNextLook() throws Exception {
    Alerting alerting = alerting(alerter);
    refuseTheSecret();
    store.loseDisk();
    alerting.look();
    assertThat(store.open()).isEmpty();

    store.regainDisk();
    alerting.look();

    assertThat(alerter.next().alert().change()).isEqualTo(Change.RAISED);
  }

  @Test
  void aChannelThatBreaksDownIsRetriedAndItsMessageNotRepeated() throws Exception {
    Alerter broken =
        new Alerter() {
          @Override
          public List<String> channels() {
            return List.of("ops");
          }

          @Override
          public void deliver(String channel, io.refreshd.rotation.Alert alert) {
            throw new IllegalStateException("the password is hunter2");
          }
        };
    Alerting alerting = alerting(broken);
    refuseTheSecret();
    alerting.look();

    Entry failed = awaitEntries(1, Event.ALERT_FAILED).get(0);
    assertThat(failed.message()).contains("IllegalStateException").doesNotContain("hunter2");
    Delivery waiting = store.deliveries().get(0);
    assertThat(waiting.attempts()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLookThatFailsIsNotTheLast(boolean byAnError) {
    Alerting alerting =
        new Alerting(
            new AlertRules(LADDER, Duration.ofDays(14)),
            look -> {
              if (byAnError) { // as if the memory was short, which the test itself would die of
                throw new InternalError("no memory for that");
              }
              throw new StoreException.Unavailable("the disk fails", null);
            },
            store,
            toldInTheLog,
            alerter,
            (entry, kept) -> entries.add(entry),
            NEVER_BY_ITSELF,
            clock);
    running.add(alerting);

    alerting.look();

    assertThat(store.deliveries()).isEmpty();
  }

  @Test
  void shortLivesAreLookedAtMoreOften() {
    assertThat(Alerting.interval(fleet)).isEqualTo(Duration.ofMinutes(1));
    assertThat(Alerting.interval(List.of())).isEqualTo(Duration.ofMinutes(1));
    assertThat(Alerting.interval(List.of(living(Duration.ofMinutes(10)))))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(Alerting.interval(List.of(living(Duration.ofSeconds(5)))))
        .isEqualTo(Duration.ofSeconds(1));
  }

  private static Grant living(Duration lifetime) {
    return Grants.named("short/lived").lifetime(lifetime).build();
  }

  private Alerting alerting(Alerter through) {
    return alerting(survey(fleet, new SkewWatch()), through);
  }

  private FleetSurvey survey(List<Grant> grants, SkewWatch skew) {
    return new FleetSurvey(new Fleet(grants), tokens, "", skew);
  }

  private Alerting alerting(Survey survey, Alerter through) {
    return alerting(survey, through, NEVER_BY_ITSELF);
  }

  private Alerting alerting(Survey survey, Alerter through, Duration interval) {
    Alerting alerting =
        new Alerting(
            new AlertRules(LADDER, Duration.ofDays(14)),
            survey,
            store,
            toldInTheLog,
            through,
            (entry, kept) -> entries.add(entry),
            interval,
            clock);
    running.add(alerting);
    return alerting;
  }

  /** A grant is rotated, and its server's clock is so far ahead. */
  private void answer(Grant grant, Duration ahead, SkewWatch skew) {
    TokenRedeemer redeemer =
        (one, token) ->
            Answers.at(clock.instant().plus(ahead), Answers.successor("t", clock.instant()));
    RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
    new Rotator(tokens, redeemer, policy, (entry, kept) -> {}, skew, clock)
        .rotate(grant, Trigger.MANUAL);
  }

  private Rotator rotator() {
    RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
    return new Rotator(tokens, server, policy, (entry, kept) -> {}, clock);
  }

  /** The secret of all of them has expired, and a retry has confirmed it. */
  private void refuseTheSecret() {
    server.expire("client-secret");
    for (int i = 0; i < 2; i++) {
      rotator().rotate(fleet.get(0), Trigger.MANUAL);
      clock.advance(Duration.ofMinutes(1));
    }
  }

  private List<Entry> awaitEntries(int count, Event... events) throws InterruptedException {
    List<Entry> got = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Entry entry = entries.poll(10, TimeUnit.SECONDS);
      assertThat(entry).as("entry %d of %d", i + 1, count).isNotNull();
      got.add(entry);
    }
    assertThat(got).extracting(Entry::event).containsOnly(events);
    return got;
  }
}
