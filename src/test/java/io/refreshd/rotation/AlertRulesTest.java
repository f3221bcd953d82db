package io.refreshd.rotation;

import static io.refreshd.rotation.RefusalKind.CONFIGURATION;
import static io.refreshd.rotation.RefusalKind.DEAD;
import static io.refreshd.rotation.RefusalKind.LOST_ANSWER;
import static io.refreshd.rotation.RefusalKind.THROTTLED;
import static io.refreshd.rotation.RefusalKind.TRANSIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.Secret;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.testing.Answers;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.Records;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AlertRulesTest {

  private static final Instant START = MutableClock.START;
  private static final Duration DAY = Duration.ofDays(1);
  private static final String HOST = "login.microsoftonline.com";

  private final AlertRules rules =
      new AlertRules(List.of(days(1), days(30), days(14), days(7), days(3)), Duration.ofDays(14));
  private final Grant grant = Grants.sample();
  private final GrantRecord healthy = Records.issued(grant, START, START.plus(days(7)));

  @Test
  void ofAGrantThatIsWellNothingIsTold() {
    assertThat(look(grant, healthy, START)).isEmpty();
    assertThat(look(grant, healthy, START.plus(days(8)))).isEmpty();
  }

  @Test
  void withoutATokenOrAConfigurationNothingIsTold() {
    AlertRules.Look look = rules.at(START);
    look.add(grant, GrantStatus.of(grant, null, Circuits.NONE, START));
    look.add(
        grant,
        new GrantStatus(
            grant.name(),
            State.UNCONFIGURED,
            Level.WARNING,
            healthy,
            Clocks.of(grant, healthy),
            null,
            START.plus(days(200))));

    assertThat(look.causes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DEAD, needs-consent/70000",
    "INTERACTION_REQUIRED, needs-consent/70000",
    "ACCOUNT, blocked/70000"
  })
  void aVerdictIsToldOnceItIsConfirmed(RefusalKind kind, String cause) {
    assertThat(look(grant, failed(kind, kind), START)).isEmpty();

    Cause told = only(look(grant, failed(kind, kind, kind), START));

    assertThat(told.name()).isEqualTo(cause);
    Cause.Effect effect = told.effects().get(0);
    assertThat(effect.name()).isEqualTo("germany/live");
    assertThat(effect.level()).isEqualTo(Level.CRITICAL);
    assertThat(effect.until()).isEqualTo(START.plus(days(90)));
    assertThat(effect.concern().get().why()).isEqualTo("refused as " + kind.word());
  }

  @Test
  void aLostAnswerIsToldAtOnceWhetherSeenOrNot() {
    assertThat(only(look(grant, failed(LOST_ANSWER), START)).name())
        .isEqualTo("lost-answer/" + HOST);

    Cause crash = only(look(grant, Records.unanswered(healthy), START));
    assertThat(crash.name()).isEqualTo("lost-answer/" + HOST);
    assertThat(crash.effects().get(0).concern().get().why()).contains("died");
  }

  @Test
  void aCircuitIsOneCauseOfAllItsGrants() {
    List<Grant> fleet = Grants.fleet(12);
    AlertRules.Look look = rules.at(START);
    Circuits circuits = confirmed(fleet.get(0), Reach.CREDENTIAL, "7000222");
    for (Grant one : fleet) {
      GrantRecord record = Records.issued(one, START, START);
      look.add(one, GrantStatus.of(one, record, circuits, START));
    }

    Cause told = only(look.causes());

    assertThat(told.topic()).isEqualTo(Topic.CIRCUIT);
    assertThat(told.about()).startsWith("credential:");
    assertThat(told.effects()).hasSize(24);
    Alert.Concern concern = told.effects().get(23).concern().get();
    assertThat(concern.what()).contains("secret", "AADSTS7000222");
    assertThat(concern.next()).contains("secret", "reload");
  }

  @ParameterizedTest
  @CsvSource({"TRANSIENT, CREDENTIAL", "DEAD, CREDENTIAL", "UNKNOWN, APPLICATION"})
  void aCircuitNamesTheGrantsTooThatFailedForAnotherReasonBefore(RefusalKind kind, Reach reach) {
    AlertRules.Look look = rules.at(START.plus(days(2)));
    List<Grant> fleet =
        List.of(grant, Grants.named("germany/sandbox").build(), Grants.named("germany/x").build());
    Circuits circuits = confirmed(grant, reach, "7000222");
    for (Grant one : fleet) {
      GrantRecord record = Records.issued(one, START, START);
      look.add(
          one,
          GrantStatus.of(
              one, Records.standing(record, Records.failed(START, kind)), circuits, look.now()));
    }

    assertThat(look.causes()).extracting(Cause::topic).containsExactly(Topic.CIRCUIT);
    assertThat(only(look.causes()).effects()).hasSize(3);
  }

  @Test
  void ofAFleetInTroubleOnlyThoseThatAnAlertNamesAreKept() {
    AlertRules.Look look = rules.at(START);
    Circuits circuits = confirmed(Grants.fleet(1).get(0), Reach.CREDENTIAL, "7000222");
    List<WeakReference<GrantRecord>> records = new ArrayList<>();
    for (Grant one : Grants.fleet(500)) {
      GrantRecord record = Records.issued(one, START, START);
      records.add(new WeakReference<>(record));
      look.add(one, GrantStatus.of(one, record, circuits, START));
    }

    Cause told = only(look.causes());

    assertThat(told.subjects()).hasSize(1_000);
    System.gc();
    assertThat(records.stream().filter(record -> record.get() != null).count())
        .isLessThanOrEqualTo(Cause.NAMED);
    assertThat(told.effects()).hasSize(Cause.NAMED);
    assertThat(told.effects().get(0).name()).isEqualTo("market-1/live");
    assertThat(told.subjects()).startsWith("market-1/live").contains("market-500/live");
    assertThat(look.causes()).as("all this time the look was there").containsExactly(told);
  }

  @Test
  void theWitnessOfACircuitIsNotToldOfTwice() {
    GrantRecord witness = failed(CONFIGURATION, CONFIGURATION);
    Circuits circuits = confirmed(grant, Reach.APPLICATION, "700016");

    Cause told = only(look(grant, witness, circuits, START));

    assertThat(told.topic()).isEqualTo(Topic.CIRCUIT);
    assertThat(told.effects().get(0).concern().get().next()).contains("tenant-id");
  }

  @Test
  void aConfigurationErrorOfOneGrantBlocksIt() {
    GrantRecord witness = failed(CONFIGURATION, CONFIGURATION);
    Circuits circuits = confirmed(grant, Reach.GRANT, "9002313");

    assertThat(only(look(grant, witness, circuits, START)).name()).isEqualTo("blocked/9002313");
  }

  @Test
  void aConfigurationThatWasChangedIsWaitedFor() {
    GrantRecord stopped = failed(CONFIGURATION, CONFIGURATION);

    assertThat(look(grant, stopped, START.plus(days(3)))).isEmpty();
  }

  @Test
  void aCircuitThatIsNotConfirmedIsNotTold() {
    assertThat(look(grant, healthy, circuits(grant, Reach.CREDENTIAL, "7000222", 1), START))
        .isEmpty();
  }

  @Test
  void aLostAnswerIsToldThoughACircuitHoldsTheGrant() {
    Circuits circuits = confirmed(grant, Reach.CREDENTIAL, "7000222");

    assertThat(look(grant, failed(LOST_ANSWER), circuits, START))
        .extracting(Cause::name)
        .containsExactly("lost-answer/" + HOST);
    assertThat(look(grant, Records.unanswered(healthy), circuits, START))
        .extracting(Cause::name)
        .containsExactly("lost-answer/" + HOST);
  }

  /** Its server asks for patience, since then. */
  private Circuits busy(Instant since) {
    return Circuits.of(
        List.of(
            new Circuit(
                CircuitKeys.of(grant, Reach.RATE),
                Reach.RATE,
                Records.failed(since, THROTTLED),
                START)));
  }

  @Test
  void aServerThatAsksForPatienceHidesNoFailureOfTheGrantsOwn() {
    Circuits busy = busy(START.plus(days(2)));

    assertThat(only(look(grant, failed(TRANSIENT), busy, START.plus(days(2)))).name())
        .isEqualTo("retrying/" + HOST);
  }

  @Test
  void consentIsToldThoughACircuitHoldsTheGrant() {
    Circuits circuits = confirmed(grant, Reach.CREDENTIAL, "7000222");

    assertThat(look(grant, failed(DEAD, DEAD, DEAD), circuits, START))
        .extracting(Cause::name)
        .containsExactly("needs-consent/70000");
  }

  @ParameterizedTest
  @CsvSource({
    "P59DT23H59M, 0, WARNING",
    "P60D, 1, WARNING",
    "P76D, 2, CRITICAL",
    "P83D, 3, CRITICAL",
    "P87D, 4, CRITICAL",
    "P89D, 5, CRITICAL"
  })
  void theSignInClockGoesDownTheLadder(Duration age, int rung, Level level) {
    Grant limited = Grants.named("germany/live").signInFrequency(days(90)).build();
    Instant now = START.plus(age);
    GrantRecord record = Records.signedIn(Records.issued(limited, now, now.plus(days(7))), START);

    List<Cause> causes = look(limited, record, now);

    if (rung == 0) {
      assertThat(causes).isEmpty();
    } else {
      Cause told = only(causes);
      assertThat(told.name()).isEqualTo("sign-in-clock");
      Cause.Effect effect = told.effects().get(0);
      assertThat(effect.rung()).isEqualTo(rung);
      assertThat(effect.level()).isEqualTo(level);
      assertThat(effect.until()).isEqualTo(START.plus(days(90)));
      assertThat(effect.concern().get().why()).contains("sign-in-frequency", "90 days");
      assertThat(effect.concern().get().next()).contains("refreshd import germany/live");
    }
  }

  @Test
  void theIssueClockIsToldOnlyWhenNothingElseSaysWhy() {
    // imported unseen, and due only now
    GrantRecord old = Records.issued(grant, START, START.plus(days(61)));
    GrantRecord imported =
        Records.standing(old, Standing.good(START.plus(days(60)), Event.IMPORTED));

    assertThat(only(look(grant, imported, START.plus(days(61)))).name()).isEqualTo("issue-clock");
    assertThat(look(grant, old, START.plus(days(61))))
        .extracting(AlertRulesTest::told)
        .containsExactly("issue-clock");
  }

  @Test
  void aVerdictGoesDownTheLadderForTheClocks() {
    Instant late = START.plus(days(77));

    List<Cause> causes = look(grant, failed(DEAD, DEAD, DEAD), late);

    assertThat(causes)
        .extracting(AlertRulesTest::told)
        .containsExactly("needs-consent/70000", "(silence/" + HOST + ")", "(issue-clock)");
    assertThat(causes.get(0).effects().get(0).rung()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    // life, before its end, rung
    "P60D, P30D, 1",
    "P59D, P29D, 0",
    "P59D, P14D, 2",
    "P7D, P3DT12H, 0",
    "P7D, P3D, 4",
    "P2D, P1D, 5",
    "P1D, PT4H1S, 0",
    "P1D, PT4H, 5",
    "PT6M, PT1M, 5",
    "P60D, PT0S, 6",
    "P60D, PT-1S, 6"
  })
  void aRungCountsIfItIsAtMostHalfOfTheRun(Duration life, Duration left, int rung) {
    Ladder ladder = new Ladder(List.of(days(30), days(14), days(7), days(3), days(1)));

    assertThat(ladder.rung(START, START.plus(life), START.plus(life).minus(left))).isEqualTo(rung);
  }

  @Test
  void aClockWithoutABeginningCountsEveryRung() {
    Ladder ladder = new Ladder(List.of(days(30)));

    assertThat(ladder.rung(null, START.plus(days(30)), START)).isEqualTo(1);
    assertThat(ladder.rung(null, null, START)).isZero();
  }

  @Test
  void aLadderWithoutRungsStillHasAnEnd() {
    Ladder ladder = new Ladder(List.of());

    assertThat(ladder.rung(START, START.plus(days(90)), START.plus(days(89)))).isZero();
    assertThat(ladder.rung(START, START.plus(days(90)), START.plus(days(90))))
        .isEqualTo(ladder.end());
  }

  @Test
  void whatHasRunOutIsToldByTheClockThatEndedFirst() {
    Grant limited = Grants.named("germany/live").signInFrequency(days(100)).build();
    GrantRecord record = Records.signedIn(Records.issued(limited, START, START), START);

    Cause first = told(look(limited, record, START.plus(days(90)))).get(0);
    Cause later = told(look(limited, record, START.plus(days(101)))).get(0);

    assertThat(first.name()).isEqualTo("expired/issue-clock");
    assertThat(later.name()).isEqualTo(first.name());
    assertThat(told(look(limited, record, START.plus(days(101))))).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = RefusalKind.class,
      names = {"TRANSIENT", "THROTTLED", "UNKNOWN"})
  void afterADayOfFailuresOneCauseNamesAllOfTheHost(RefusalKind kind) {
    AlertRules.Look look = rules.at(START.plus(DAY).plusMillis(1));
    Grant elsewhere =
        Grants.named("elsewhere/main")
            .endpoint(
                new TokenEndpoint.Plain(URI.create("https://sso.example.org/token"), List.of()))
            .build();
    for (Grant one : List.of(grant, Grants.named("france/live").build(), elsewhere)) {
      GrantRecord record =
          Records.standing(Records.issued(one, START, START), Records.failed(START, kind));
      look.add(one, GrantStatus.of(one, record, Circuits.NONE, look.now()));
    }

    assertThat(look.causes())
        .extracting(Cause::name)
        .containsExactly("retrying/" + HOST, "retrying/sso.example.org");
    assertThat(look.causes().get(0).effects()).hasSize(2);
    assertThat(look.causes().get(0).effects().get(0).level()).isEqualTo(Level.WARNING);
    assertThat(look(grant, failed(kind), START.plus(DAY))).isEmpty();
  }

  @Test
  void aGrantThatFirstFailedWhileTheClockWasAYearAheadIsToldOfAfterADayToo() {
    Standing failing = Records.failed(START.plus(days(365)), TRANSIENT);
    for (int hour = 0; hour < 24; hour += 6) {
      Instant at = START.plus(Duration.ofHours(hour));
      failing = failing.failed(Answers.refused(TRANSIENT, at), at);
    }
    GrantRecord record = Records.standing(healthy, failing);

    assertThat(look(grant, record, START.plus(DAY))).isEmpty();
    assertThat(only(look(grant, record, START.plus(DAY).plusMillis(1))).name())
        .isEqualTo("retrying/" + HOST);
    assertThat(GrantStatus.of(grant, record, Circuits.NONE, START.plus(days(2))).level())
        .isEqualTo(Level.WARNING);
  }

  @Test
  void aServerThatAsksForPatienceForOverADayIsTold() {
    Circuits busy = busy(START);

    assertThat(look(grant, healthy, busy, START.plus(DAY))).isEmpty();
    assertThat(only(look(grant, healthy, busy, START.plus(days(2)))).name())
        .isEqualTo("retrying/" + HOST);
  }

  @Test
  void afterFourteenDaysWithoutASuccessSilenceIsToldWhateverTheReason() {
    assertThat(look(grant, healthy, START.plus(days(14)).minusMillis(1))).isEmpty();

    Cause told = only(look(grant, healthy, START.plus(days(14))));

    assertThat(told.name()).isEqualTo("silence/" + HOST);
    assertThat(told.effects().get(0).concern().get().what()).contains("14 days");
  }

  @Test
  void aScheduleThatIsSlowerThanTheSilenceIsNoTrouble() {
    Grant monthly = Grants.named("germany/live").rotateEvery(days(30)).build();
    GrantRecord record = Records.issued(monthly, START, START.plus(days(30)));

    assertThat(look(monthly, record, START.plus(days(31)).minusMillis(1))).isEmpty();
    assertThat(only(look(monthly, record, START.plus(days(31)))).topic()).isEqualTo(Topic.SILENCE);
  }

  @Test
  void aLifeThatIsShorterThanTheSilenceIsNotSilent() {
    Grant shortLived = Grants.named("germany/live").lifetime(days(14)).build();
    GrantRecord record = Records.issued(shortLived, START, START.plus(days(4)));

    assertThat(look(shortLived, record, START.plus(days(14)).minusMillis(1)))
        .extracting(Cause::topic)
        .doesNotContain(Topic.SILENCE);
  }

  @ParameterizedTest
  @CsvSource({"31, 0, OK", "30, 1, WARNING", "7, 3, CRITICAL", "0, 6, CRITICAL", "-5, 6, CRITICAL"})
  void aCredentialGoesDownTheSameLadder(int left, int rung, Level level) {
    AlertRules.Look look = rules.at(START);
    look.add(
        new CredentialStatus(
            "credential:1",
            "client-id",
            "client secret",
            CredentialStatus.Use.IN_USE,
            Level.OK,
            START.plus(days(left)),
            null,
            List.of(GrantName.parse("germany/live"))));

    if (rung == 0) {
      assertThat(look.causes()).isEmpty();
    } else {
      Cause told = only(look.causes());
      assertThat(told.name()).isEqualTo("credential/credential:1");
      assertThat(told.effects().get(0).rung()).isEqualTo(rung);
      assertThat(told.effects().get(0).level()).isEqualTo(level);
      assertThat(told.effects().get(0).name()).isEqualTo("client-id");
      assertThat(told.effects().get(0).concern().get().why()).contains("germany/live");
    }
  }

  @Test
  void aCredentialIsListedOnceWithAllItsGrants() {
    Instant end = START.plus(days(20));
    Client.Credential certificate = new Client.Certificate(Path.of("/etc/c.pem"), null, "aa", end);
    Client.Credential secret = new Client.ClientSecret(Secret.of("s"), null);
    List<Grant> grants =
        List.of(
            Grants.named("a/live").credential(certificate).build(),
            Grants.named("b/live").credential(certificate).build(),
            Grants.named("c/live").credential(secret).build());

    List<CredentialStatus> credentials = CredentialStatus.of(grants, of -> Circuits.NONE, START);

    assertThat(credentials).hasSize(2);
    assertThat(credentials.get(0).grants())
        .containsExactly(GrantName.parse("a/live"), GrantName.parse("b/live"));
    assertThat(credentials.get(0).expiresAt()).isEqualTo(end);
    assertThat(credentials.get(0).label()).isEqualTo("certificate /etc/c.pem");
  }

  @Test
  void aClockIsToldOfFromTwoMinutesOn() {
    AlertRules.Look look = rules.at(START);
    look.addClockSkew("https://a.example", Duration.ofSeconds(119));
    look.addClockSkew("https://b.example", Duration.ofMinutes(-2));
    look.addClockSkew("https://c.example", Duration.ofMinutes(3));

    Cause told = only(look.causes());

    assertThat(told.name()).isEqualTo("clock-skew");
    assertThat(told.effects())
        .extracting(effect -> effect.subject() + ": " + effect.concern().get().what())
        .containsExactly(
            "https://b.example: this machine's clock is 2 minutes ahead of the server's",
            "https://c.example: this machine's clock is 3 minutes behind the server's");
  }

  /** Each kind of trouble with everything that hangs on it says what to do next. */
  @ParameterizedTest
  @EnumSource(RefusalKind.class)
  void everyConcernSaysWhatToDo(RefusalKind kind) {
    for (int day : new int[] {0, 2, 20, 61, 80, 91}) {
      GrantRecord record = failed(kind, kind, kind);
      for (Reach reach : Reach.values()) {
        Circuits circuits =
            kind == CONFIGURATION ? confirmed(grant, reach, "700016") : Circuits.NONE;
        for (Cause cause : look(grant, record, circuits, START.plus(days(day)))) {
          Alert.Concern concern = cause.effects().get(0).concern().get();
          assertThat(concern.what()).isNotBlank();
          assertThat(concern.next()).isNotBlank();
          assertThat(Topic.of(cause.name())).isEqualTo(cause.topic());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PT119S, 119 seconds",
    "PT2M, 2 minutes",
    "PT119M, 119 minutes",
    "PT2H, 2 hours",
    "PT47H30M, 48 hours",
    "PT48H, 2 days",
    "P30D, 30 days"
  })
  void timesAreToldInTheirLargestSensibleUnit(Duration left, String words) {
    AlertRules.Look look = rules.at(START);
    look.add(credential(START.plus(left)));

    assertThat(concern(look).what()).isEqualTo("its client secret ends in " + words);
  }

  @Test
  void whatIsOverHasEnded() {
    for (Duration ago : List.of(Duration.ZERO, DAY)) {
      AlertRules.Look look = rules.at(START);
      look.add(credential(START.minus(ago)));

      assertThat(concern(look).what()).isEqualTo("its client secret has ended");
    }
  }

  @Test
  void aVerdictSaysWhetherItIsTooLate() {
    GrantRecord dead = failed(DEAD, DEAD, DEAD);

    assertThat(what(dead, START)).doesNotContain("it has expired");
    assertThat(what(dead, START.plus(days(90)))).endsWith("; it has expired");
    assertThat(what(dead, START.plus(days(90)).minusMillis(1))).doesNotContain("it has expired");
  }

  @Test
  void anAccountThatIsEnabledTooLateNeedsASignInBesides() {
    GrantRecord locked = failed(RefusalKind.ACCOUNT, RefusalKind.ACCOUNT, RefusalKind.ACCOUNT);

    assertThat(next(locked, START)).endsWith("then try at once: refreshd rotate germany/live");
    assertThat(next(locked, START.plus(days(90))))
        .isEqualTo(
            "ask the directory's administrator; then sign in anew and bring the token in: refreshd"
                + " import germany/live");
  }

  @Test
  void aVerdictOfB2cIsCalledByItsOwnName() {
    Standing standing = Standing.good(null, null);
    for (int i = 0; i < 3; i++) {
      standing = standing.failed(Answers.refused(DEAD, Reach.GRANT, "AADB2C90080", START), START);
    }

    assertThat(what(Records.standing(healthy, standing), START)).endsWith("(AADB2C90080)");
  }

  @Test
  void aLifeThatIsOverBeforeTheSilenceIsOneIsExpiredAndNotSilent() {
    Grant shortLived = Grants.named("germany/live").lifetime(days(10)).build();
    GrantRecord record = Records.issued(shortLived, START, START.plus(days(3)));

    assertThat(look(shortLived, record, START.plus(days(20))))
        .extracting(Cause::topic)
        .contains(Topic.EXPIRED)
        .doesNotContain(Topic.SILENCE);
  }

  /** Of a grant that fails the last attempt was none: its token is as old as its issue. */
  @Test
  void failedAttemptsDoNotBreakTheSilence() {
    Standing failing = Records.failed(START.plus(days(14)), RefusalKind.UNKNOWN);

    assertThat(look(grant, Records.standing(healthy, failing), START.plus(days(15))))
        .extracting(Cause::topic)
        .contains(Topic.SILENCE);
  }

  @Test
  void aCircuitStopsAGrantOnceItIsConfirmed() {
    Circuits once = circuits(grant, Reach.CREDENTIAL, "7000222", 1);

    assertThat(GrantStatus.of(grant, healthy, once, START).state()).isEqualTo(State.HEALTHY);
    assertThat(
            GrantStatus.of(grant, healthy, confirmed(grant, Reach.CREDENTIAL, "7000222"), START)
                .state())
        .isEqualTo(State.BLOCKED);
  }

  @Test
  void whatTheServerSaidOfALostAnswerIsRepeated() {
    Cause told = only(look(grant, failed(LOST_ANSWER), START));

    assertThat(told.effects().get(0).concern().get().why()).isEqualTo("refused as lost-answer");
    assertThat(told.effects().get(0).concern().get().what())
        .as("a restore withholds tokens likewise, and then nobody is to look at the network")
        .isEqualTo("its token may be spent, and is not presented by itself");
  }

  /** A verdict of another sort begins to count anew; a hiccup between two of one sort does not. */
  @Test
  void aHiccupDoesNotUndoWhatWasSaid() {
    assertThat(failed(DEAD, TRANSIENT, DEAD, DEAD).standing().isConfirmed()).isTrue();
    assertThat(failed(DEAD, DEAD, RefusalKind.ACCOUNT).standing().isConfirmed()).isFalse();
    assertThat(failed(TRANSIENT).standing().lastOutcome()).isEqualTo(Event.REFUSED);
    Standing unreachable = Standing.good(null, null).failed(Answers.noConnection(START), START);
    assertThat(unreachable.lastOutcome()).isEqualTo(Event.UNREACHABLE);
  }

  /** A locked account and a hiccup are no reason to have somebody sign in at one "dead". */
  @Test
  void whatWasSaidOfAnAccountBeforeAHiccupDoesNotConfirmThatTheTokenIsDead() {
    RefusalKind account = RefusalKind.ACCOUNT;

    assertThat(failed(account, account, TRANSIENT, DEAD).standing().isConfirmed()).isFalse();
    assertThat(failed(DEAD, DEAD, TRANSIENT, account).standing().isConfirmed()).isFalse();
    assertThat(failed(account, TRANSIENT, account, account, account).standing().isConfirmed())
        .isTrue();
  }

  @Test
  void aDeadTokenIsToldHoweverManyHiccupsAreBetween() {
    Standing standing = failed(DEAD, TRANSIENT, DEAD, TRANSIENT, TRANSIENT, DEAD).standing();

    assertThat(standing.isConfirmed()).isTrue();
    assertThat(standing.kind()).isEqualTo(DEAD);
  }

  private String what(GrantRecord record, Instant now) {
    return only(look(grant, record, now)).effects().get(0).concern().get().what();
  }

  private String next(GrantRecord record, Instant now) {
    return String.valueOf(only(look(grant, record, now)).effects().get(0).concern().get().next());
  }

  private static Alert.Concern concern(AlertRules.Look look) {
    return only(look.causes()).effects().get(0).concern().get();
  }

  private static CredentialStatus credential(Instant end) {
    return new CredentialStatus(
        "credential:1",
        "client-id",
        "client secret",
        CredentialStatus.Use.IN_USE,
        Level.OK,
        end,
        null,
        List.of(GrantName.parse("germany/live")));
  }

  private List<Cause> look(Grant of, GrantRecord record, Instant now) {
    return look(of, record, Circuits.NONE, now);
  }

  private List<Cause> look(Grant of, GrantRecord record, Circuits circuits, Instant now) {
    AlertRules.Look look = rules.at(now);
    look.add(of, GrantStatus.of(of, record, circuits, now));
    return look.causes();
  }

  private static Cause only(List<Cause> causes) {
    List<Cause> told = told(causes);
    assertThat(told).as("%s", causes).hasSize(1);
    return told.get(0);
  }

  private static List<Cause> told(List<Cause> causes) {
    return causes.stream().filter(cause -> !cause.effects().get(0).covered()).toList();
  }

  /** The cause's name, in brackets if it is covered. */
  private static String told(Cause cause) {
    return cause.effects().get(0).covered() ? "(" + cause.name() + ")" : cause.name();
  }

  private GrantRecord failed(RefusalKind... kinds) {
    return Records.standing(healthy, Records.failed(START, kinds));
  }

  private static Circuits confirmed(Grant of, Reach reach, String code) {
    return circuits(of, reach, code, 2);
  }

  private static Circuits circuits(Grant of, Reach reach, String code, int failures) {
    Standing standing = Standing.good(null, null);
    for (int i = 0; i < failures; i++) {
      standing = standing.failed(Answers.refused(CONFIGURATION, reach, code, START), START);
    }
    return Circuits.of(
        List.of(new Circuit(CircuitKeys.of(of, reach), reach, standing, START.plus(DAY))));
  }

  private static Duration days(long days) {
    return Duration.ofDays(days);
  }
}
