package io.refreshd.rotation;

import static io.refreshd.rotation.RefusalKind.DEAD;
import static io.refreshd.rotation.RefusalKind.INTERACTION_REQUIRED;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Redemption.Exchange;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.testing.Answers;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.ScriptedRedeemer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Entra tells the times of a grant nowhere but in some of its errors. */
class LessonsTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HALF_A_DAY = Duration.ofHours(12);
  private static final Instant NOW = MutableClock.START;
  private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(91));

  private final MutableClock clock = new MutableClock();
  private final InMemoryTokenStore store = new InMemoryTokenStore(clock);
  private final ScriptedRedeemer redeemer = new ScriptedRedeemer(clock);
  private final SkewWatch skew = new SkewWatch();
  private final Rotator rotator =
      new Rotator(
          store,
          redeemer,
          new RotationPolicy((expression, after) -> Instant.MAX),
          (entry, kept) -> {},
          skew,
          clock);
  private final Grant grant = Grants.sample();

  @Test
  void anExpiredTokenTellsWhenItWasIssued() {
    bringIn(null, null);

    refuse(DEAD, "700082", new Told(Told.Which.ISSUE, LONG_AGO, Duration.ofDays(90), null));

    assertThat(record().issuedAt()).isEqualTo(LONG_AGO);
    assertThat(record().expiresAt()).isEqualTo(LONG_AGO.plus(Duration.ofDays(90)));
    assertThat(status().state()).isEqualTo(State.EXPIRED);
    assertThat(store.circuits()).as("of a dead token").isEmpty();
    assertThat(Told.Which.SIGN_IN.word()).isEqualTo("sign-in");
    assertThat(learned())
        .containsExactly(
            "the token was issued "
                + LONG_AGO
                + "; it expires "
                + LONG_AGO.plus(Duration.ofDays(90))
                + "; a token lives 90d (AADSTS700082)");
  }

  @Test
  void aWrongIssueTimeIsCorrectedAndALearnedLifetimeStays() {
    bringIn(NOW.minus(DAY), null);
    Instant issuedAt = NOW.minus(Duration.ofHours(20));
    refuse(DEAD, "700081", new Told(Told.Which.ISSUE, issuedAt, DAY, null));
    assertThat(record().issuedAt()).isEqualTo(issuedAt);

    redeemer.answers(at -> Answers.successor("second", at));
    rotator.rotate(grant, Trigger.MANUAL);

    assertThat(record().expiresAt()).isEqualTo(clock.instant().plus(DAY));
    Clocks clocks = Clocks.of(grant, record());
    assertThat(clocks.issueRule()).isEqualTo(new Clocks.Rule("AADSTS700081", DAY, NOW));
  }

  /** Tokens of half a day's life are replaced before it is over: nothing would disprove it. */
  @Test
  void aNewConsentIsNotShortenedByWhatWasToldOfTheTokenBefore() {
    bringIn(LONG_AGO, null);
    refuse(DEAD, "700081", new Told(Told.Which.ISSUE, LONG_AGO, HALF_A_DAY, null));
    redeemer.answers(at -> Answers.successor("again", at));

    rotator.bringIn(grant, new Import(RefreshToken.of("new"), null, null, true, false));

    assertThat(record().expiresAt()).isEqualTo(clock.instant().plus(grant.lifetime()));
    assertThat(Clocks.of(grant, record()).issueRule())
        .extracting(Clocks.Rule::source)
        .isEqualTo("lifetime");
    assertThat(learned()).last().asString().contains("12h").contains("the token before");
  }

  @Test
  void aTokenThatIsBroughtInAndNotRedeemedIsNotShortenedEither() {
    bringIn(LONG_AGO, null);
    refuse(DEAD, "700081", new Told(Told.Which.ISSUE, LONG_AGO, HALF_A_DAY, null));

    bringIn(NOW, null);

    assertThat(record().learned()).isEqualTo(Learned.NOTHING);
    assertThat(learned()).last().asString().contains("12h").contains("the token before");
  }

  @Test
  void aNewTokenForOneOlderThanTheLearnedLifetimeShowsThatThatIsNoMore() {
    bringIn(NOW.minus(DAY.multipliedBy(3)), null);
    refuse(DEAD, "700081", new Told(Told.Which.ISSUE, null, HALF_A_DAY, null));
    assertThat(status().state()).isEqualTo(State.EXPIRED);
    redeemer.answers(at -> Answers.successor("second", at));

    rotator.rotate(grant, Trigger.MANUAL);

    assertThat(record().learned()).isEqualTo(Learned.NOTHING);
    assertThat(record().expiresAt()).isEqualTo(clock.instant().plus(grant.lifetime()));
    assertThat(status().state()).isEqualTo(State.HEALTHY);
    assertThat(learned()).last().asString().contains("12h").contains("is no more");
  }

  @Test
  void afterAnOutageLongerThanAWronglyLearnedLifetimeTheTokenIsTriedAndThatIsForgotten() {
    bringIn(NOW.minus(DAY), null);
    Instant issuedAt = NOW.minus(Duration.ofHours(11));
    refuse(DEAD, "700081", new Told(Told.Which.ISSUE, issuedAt, HALF_A_DAY, null));
    redeemer.answers(at -> Answers.successor("second", at), Answers::noConnection);
    rotator.rotate(grant, Trigger.MANUAL);
    clock.advance(HALF_A_DAY);
    assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Failed.class);
    clock.advance(DAY);
    assertThat(status().state()).isEqualTo(State.EXPIRED);
    redeemer.answers(at -> Answers.successor("third", at));

    assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Rotated.class);

    assertThat(record().learned()).isEqualTo(Learned.NOTHING);
    assertThat(status().state()).isEqualTo(State.HEALTHY);
  }

  @Test
  void aTextThatSaysWhatIsKnownIsNoNews() {
    bringIn(LONG_AGO, null);
    Told told = new Told(Told.Which.ISSUE, LONG_AGO.plusSeconds(1), Duration.ofDays(90), null);
    refuse(DEAD, "700082", told);
    assertThat(record().issuedAt()).isEqualTo(LONG_AGO);
    assertThat(record().expiresAt()).isEqualTo(LONG_AGO.plus(Duration.ofDays(90)));
    refuse(DEAD, "700082", told);
    assertThat(learned()).containsExactly("a token lives 90d (AADSTS700082)");
  }

  @Test
  void aSignInFrequencyIsLearnedAndForecastFromThenOn() {
    Instant signedIn = NOW.minus(Duration.ofDays(8));
    bringIn(NOW, null);

    refuse(
        INTERACTION_REQUIRED,
        "70043",
        new Told(Told.Which.SIGN_IN, signedIn, Duration.ofDays(7), null));

    assertThat(record().signedInAt()).isEqualTo(signedIn);
    assertThat(record().issuedAt()).as("the issue clock is let be").isEqualTo(NOW);
    Clocks clocks = Clocks.of(grant, record());
    assertThat(clocks.signInExpiresAt()).isEqualTo(signedIn.plus(Duration.ofDays(7)));
    assertThat(clocks.ruling()).isEqualTo(Told.Which.SIGN_IN);
    assertThat(clocks.signInRule())
        .isEqualTo(new Clocks.Rule("AADSTS70043", Duration.ofDays(7), NOW));
    assertThat(status().state()).isEqualTo(State.EXPIRED);
  }

  @Test
  void aNewSignInKeepsTheLearnedFrequency() {
    aSignInFrequencyIsLearnedAndForecastFromThenOn();
    redeemer.answers(at -> Answers.successor("again", at));

    rotator.bringIn(
        grant, new Import(RefreshToken.of("new-consent"), null, clock.instant(), true, false));

    assertThat(Clocks.of(grant, record()).signInExpiresAt())
        .isEqualTo(clock.instant().plus(Duration.ofDays(7)));
    assertThat(status().state()).isEqualTo(State.HEALTHY);
  }

  @Test
  void aNewTokenAfterTheLearnedEndShowsThatThePolicyIsNoMore() {
    aSignInFrequencyIsLearnedAndForecastFromThenOn();
    redeemer.answers(at -> Answers.successor("second", at));
    clock.advance(DAY);

    rotator.rotate(grant, Trigger.MANUAL);

    assertThat(record().learned().signIn()).isNull();
    assertThat(status().state()).isEqualTo(State.HEALTHY);
    assertThat(learned()).last().asString().contains("is no more");
  }

  @Test
  void aRevocationTellsTheSignInAndSinceWhenTokensAreValid() {
    bringIn(NOW, null);
    Instant issued = NOW.minus(Duration.ofDays(30));
    Instant validFrom = NOW.minus(Duration.ofDays(3));

    refuse(DEAD, "50173", new Told(Told.Which.SIGN_IN, issued, null, validFrom));

    assertThat(record().signedInAt()).isEqualTo(issued);
    assertThat(learned())
        .containsExactly(
            "a person last signed in "
                + issued
                + "; tokens from before "
                + validFrom
                + " were revoked (AADSTS50173)");
  }

  @Test
  void theShorterOfTheConfiguredAndTheLearnedLimitRules() {
    Grant limited =
        Grants.named("germany/live")
            .signInFrequency(Duration.ofDays(30))
            .rememberMfa(Duration.ofDays(14))
            .build();
    bringIn(NOW, NOW);
    assertThat(Clocks.of(limited, record()).signInRule())
        .isEqualTo(new Clocks.Rule("remember-mfa", Duration.ofDays(14), null));

    refuse(
        INTERACTION_REQUIRED,
        "70043",
        new Told(Told.Which.SIGN_IN, NOW, Duration.ofDays(20), null));

    assertThat(Clocks.of(limited, record()).signInRule())
        .extracting(Clocks.Rule::source)
        .isEqualTo("remember-mfa");
    assertThat(Clocks.of(grant, record()).signInRule())
        .extracting(Clocks.Rule::source)
        .isEqualTo("AADSTS70043");
  }

  @Test
  void whatAPreviousGenerationIsToldTeachesNothingOfTheCurrentOne() {
    bringIn(NOW.minus(DAY), null);
    redeemer.answers(at -> Answers.successor("second", at));
    rotator.rotate(grant, Trigger.MANUAL);
    redeemer.answers(
        at -> Answers.refused(DEAD, at),
        at ->
            Answers.told(
                DEAD, Reach.GRANT, "700082", new Told(Told.Which.ISSUE, LONG_AGO, DAY, null), at));

    rotator.rotate(grant, Trigger.MANUAL);

    assertThat(record().issuedAt()).isEqualTo(clock.instant());
    assertThat(learned()).isEmpty();
  }

  // the clock of this machine

  @Test
  void aClockThatIsOffIsToldOnceAndWhenItIsRightAgain() {
    bringIn(NOW, null);
    Duration slow = Duration.ofMinutes(3);
    redeemer.answers(
        at -> Answers.at(at.plusSeconds(119), Answers.successor("2", at)),
        at -> Answers.at(at.plus(slow), Answers.successor("3", at)),
        at -> Answers.at(at.plus(slow), Answers.successor("4", at)),
        at -> Answers.at(at, Answers.successor("5", at)),
        at -> Answers.at(at.minus(slow), Answers.successor("6", at)));
    for (int i = 0; i < 5; i++) {
      rotator.rotate(grant, Trigger.MANUAL);
    }
    assertThat(learned())
        .hasSize(3)
        .satisfies(
            news -> {
              assertThat(news.get(0)).contains("179 s behind");
              assertThat(news.get(1)).contains("right again");
              assertThat(news.get(2)).contains("180 s ahead of");
            });
    assertThat(skew.skews()).containsEntry("https://login.microsoftonline.com", slow.negated());
    assertThat(record().standing()).isEqualTo(Standing.good(NOW.plus(Answers.TOOK), Event.ROTATED));
  }

  @Test
  void aRefusalTellsOfTheClockToo() {
    bringIn(NOW, null);
    redeemer.answers(
        at -> {
          Refused refused = Answers.refused(RefusalKind.UNKNOWN, at);
          Exchange exchange =
              new Exchange(at, Answers.TOOK, 400, null, null, at.plus(Duration.ofMinutes(3)));
          return new Refused(
              refused.refusal(),
              refused.reach(),
              refused.told(),
              true,
              true,
              refused.message(),
              null,
              exchange);
        });

    rotator.rotate(grant, Trigger.MANUAL);

    assertThat(learned()).singleElement().asString().contains("179 s behind");
  }

  @Test
  void aDifferenceOfTwoMinutesIsTheFirstThatIsTold() {
    bringIn(NOW, null);
    Duration two = SkewWatch.TOLERATED.plus(Answers.TOOK);
    redeemer.answers(
        at -> Answers.at(at.plus(two).minusMillis(1), Answers.successor("2", at)),
        at -> Answers.at(at.plus(two), Answers.successor("3", at)));

    rotator.rotate(grant, Trigger.MANUAL);
    assertThat(learned()).isEmpty();
    rotator.rotate(grant, Trigger.MANUAL);
    assertThat(learned()).hasSize(1);
  }

  @Test
  void aLimitOfHoursOrSecondsIsWrittenAsSuch() {
    bringIn(NOW.minus(DAY), NOW);
    refuse(DEAD, "700082", new Told(Told.Which.ISSUE, null, Duration.ofHours(36), null));
    refuse(DEAD, "700081", new Told(Told.Which.ISSUE, null, Duration.ofSeconds(5401), null));

    assertThat(learned())
        .satisfiesExactly(
            first -> assertThat(first).endsWith("; a token lives 36h (AADSTS700082)"),
            second -> assertThat(second).endsWith("; a token lives 5401s (AADSTS700081)"));
  }

  /** Azure AD B2C's numbers have their whole name already. */
  @Test
  void aLessonOfB2cIsCalledByItsOwnName() {
    bringIn(LONG_AGO, null);
    refuse(DEAD, "AADB2C90080", new Told(Told.Which.ISSUE, LONG_AGO, DAY, null));

    assertThat(learned()).singleElement().asString().endsWith("a token lives 1d (AADB2C90080)");
  }

  private void refuse(RefusalKind kind, String code, Told told) {
    redeemer.answers(at -> refused(kind, code, told, at));
    assertThat(rotator.rotate(grant, Trigger.MANUAL)).isInstanceOf(Outcome.Failed.class);
  }

  private static Refused refused(RefusalKind kind, String code, Told told, Instant at) {
    return Answers.told(kind, Reach.GRANT, code, told, at);
  }

  private void bringIn(@Nullable Instant issuedAt, @Nullable Instant signedInAt) {
    RefreshToken token = RefreshToken.of("first");
    rotator.bringIn(grant, new Import(token, issuedAt, signedInAt, false, false));
  }

  private GrantRecord record() {
    return store.findRecord(grant.name()).orElseThrow();
  }

  private GrantStatus status() {
    return GrantStatus.of(grant, record(), Circuits.of(store.circuits()), clock.instant());
  }

  private List<String> learned() {
    return store.entries().stream()
        .filter(entry -> entry.event() == Event.LEARNED)
        .map(entry -> String.valueOf(entry.message()))
        .toList();
  }
}
