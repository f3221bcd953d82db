package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.testing.Answers;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is the matter with a grant, and what a person is to do. */
class AdviceTest {

  private static final Instant NOW = MutableClock.START;
  private static final String IMPORT = "refreshd import germany/live";

  private final Grant grant = Grants.sample();
  private final GrantRecord healthy = Records.issued(grant, NOW, NOW.plus(Duration.ofDays(7)));

  @Test
  void aGrantThatIsWellNeedsNone() {
    assertThat(Advice.of(grant, status(grant, healthy, NOW))).isNull();
  }

  @Test
  void withoutATokenOneIsToBeBroughtIn() {
    Advice advice = advice(grant, GrantStatus.of(grant, null, Circuits.NONE, NOW));

    assertThat(advice.cause()).contains("no token yet");
    assertThat(advice.next()).contains(IMPORT);
  }

  @Test
  void whatNoConfigurationNamesIsToBeConfiguredOrForgotten() {
    GrantStatus left = GrantStatus.unconfigured(healthy, NOW);

    assertThat(advice(null, left).next()).contains("refreshd forget germany/live");
    assertThat(advice(grant, left).next()).contains("refreshd forget germany/live");
    assertThat(advice(null, status(grant, healthy, NOW)).next()).contains("forget");
  }

  @Test
  void aTokenThatMayBeSpentIsNotToldAsALostAnswerWhereItMayBeWithheld() {
    for (GrantRecord record :
        new GrantRecord[] {Records.unanswered(healthy), failed(RefusalKind.LOST_ANSWER, "x")}) {
      Advice advice = advice(grant, status(grant, record, NOW));

      assertThat(advice.cause())
          .isEqualTo("its token may be spent, and is not presented by itself");
      assertThat(advice.next()).contains(IMPORT, "refreshd rotate germany/live");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CONFIGURATION, 7000222, the client secret has expired, reload",
    "DEAD, 700082, older than it may become, refreshd import germany/live",
    "ACCOUNT, 50057, the account is disabled, refreshd rotate germany/live",
    "DEAD, 1, the token is no more, refreshd import germany/live",
    "INTERACTION_REQUIRED, 1, wants a person, refreshd import germany/live",
    "ACCOUNT, 1, does not accept the account, administrator",
    "CONFIGURATION, 1, does not accept the client, reload",
    "THROTTLED, 1, patience, by itself",
    "TRANSIENT, 1, does not answer as it should, by itself; see the finding on its host",
    "UNKNOWN, 1, does not know, login.microsoftonline.com/error"
  })
  void aRefusalIsExplainedByItsNumberElseByItsKind(
      RefusalKind kind, String code, String cause, String next) {
    Advice advice = advice(grant, status(grant, failed(kind, code), NOW));

    assertThat(advice.cause()).contains(cause);
    assertThat(advice.next()).contains(next);
  }

  @Test
  void aRevokedGrantIsExplainedByHowTheClientProvesItself() {
    Grant open = Grants.named("germany/live").credential(new Client.NoCredential()).build();
    GrantRecord revoked = failed(RefusalKind.DEAD, "50173");

    assertThat(cause(open, revoked, NOW)).contains("public");
    assertThat(cause(grant, revoked, NOW)).contains("admin center");
  }

  @Test
  void whereNothingWasRefusedTheClocksTell() {
    Grant limited = Grants.named("germany/live").signInFrequency(Duration.ofDays(60)).build();
    GrantRecord unknownAge = Records.issued(grant, null, NOW);
    GrantRecord signedIn = Records.signedIn(healthy, NOW.minus(Duration.ofDays(40)));
    GrantRecord tooLong = Records.signedIn(healthy, NOW.minus(Duration.ofDays(60)));

    assertThat(next(grant, unknownAge, NOW))
        .isEqualTo("rotate it once: refreshd rotate germany/live");
    GrantRecord signedInNow = Records.signedIn(Records.issued(limited, null, NOW), NOW);
    assertThat(next(limited, signedInNow, NOW))
        .isEqualTo("rotate it once: refreshd rotate germany/live");
    assertThat(cause(limited, signedInNow, days(31))).contains("its sign-in runs out");
    assertThat(next(grant, healthy, days(46))).contains("is the daemon running?");
    assertThat(cause(grant, healthy, days(90))).isEqualTo("the token is older than it may become");
    assertThat(cause(limited, tooLong, NOW)).contains("the last sign-in is too old");
    assertThat(cause(limited, signedIn, NOW)).contains("its sign-in runs out");
    assertThat(next(limited, healthy, NOW)).contains("--signed-in-at");
    assertThat(Advice.of(limited, status(limited, Records.signedIn(healthy, NOW), NOW))).isNull();
  }

  /** An endpoint that does not answer is not what a person can mend; the end of a clock is. */
  @Test
  void theClocksCountMoreThanAnEndpointThatDoesNotAnswer() {
    GrantRecord record = failed(RefusalKind.TRANSIENT, "1");

    assertThat(cause(grant, record, days(90))).isEqualTo("the token is older than it may become");
  }

  /** Whatever else is to be seen to: what has expired, a sign-in alone renews. */
  @ParameterizedTest
  @CsvSource({
    "THROTTLED, 1, the token is older than it may become, sign in anew",
    "UNKNOWN, 1, the token is older than it may become, sign in anew",
    "TRANSIENT, 1, the token is older than it may become, sign in anew",
    "DEAD, 700082, older than it may become, sign in anew",
    "DEAD, 700084, single-page, 'register the redirect URI as web or native, then sign in anew'",
    "ACCOUNT, 50057, is disabled, have the directory's administrator enable it; then sign in anew",
    "ACCOUNT, 1, does not accept the account, ask the directory's administrator; then sign in anew",
    "CONFIGURATION, 700007, another application, correct client-id",
    "CONFIGURATION, 7000112, is disabled, have the directory's administrator enable it; then sign",
    "CONFIGURATION, 7000222, has expired, make a new secret in the app registration and put it",
    "CONFIGURATION, 1, does not accept the client, correct the configuration or the app"
  })
  void whatHasExpiredNeedsASignInWhateverFailedLast(
      RefusalKind kind, String code, String cause, String next) {
    Advice advice = advice(grant, status(grant, failed(kind, code), days(90)));

    assertThat(advice.cause()).contains(cause);
    assertThat(advice.next())
        .startsWith(next)
        .containsOnlyOnce(IMPORT)
        .doesNotContain("refreshd rotate");
    assertThat(Advice.of(grant, status(grant, failed(kind, code), NOW))).isNotNull();
  }

  @Test
  void theConfigurationIsReloadedBeforeAnExpiredGrantIsBroughtIn() {
    GrantRecord refused = failed(RefusalKind.CONFIGURATION, "7000222");

    assertThat(next(grant, refused, days(90)))
        .contains("; then reload: systemctl reload refreshd; then sign in anew and bring");
  }

  private static Advice advice(@Nullable Grant of, GrantStatus status) {
    return Objects.requireNonNull(Advice.of(of, status));
  }

  private String cause(Grant of, GrantRecord record, Instant now) {
    return advice(of, status(of, record, now)).cause();
  }

  private String next(Grant of, GrantRecord record, Instant now) {
    return advice(of, status(of, record, now)).next();
  }

  private GrantRecord failed(RefusalKind kind, String code) {
    Standing standing = Standing.good(null, null);
    for (int i = 0; i < 3; i++) {
      standing = standing.failed(Answers.refused(kind, Reach.GRANT, code, NOW), NOW);
    }
    return Records.standing(healthy, standing);
  }

  private static GrantStatus status(Grant of, GrantRecord record, Instant now) {
    return GrantStatus.of(of, record, Circuits.NONE, now);
  }

  private static Instant days(int days) {
    return NOW.plus(Duration.ofDays(days));
  }
}
