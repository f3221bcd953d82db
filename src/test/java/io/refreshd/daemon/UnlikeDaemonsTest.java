package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.Secret;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.AlertBook;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.OpenAlert;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.SkewWatch;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.ClientServer;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Daemons on one store of which one knows grants that another does not, as while a changed YAML
 * goes round. Each look goes on from what people were told before.
 */
class UnlikeDaemonsTest {

  private static final String SECRET = "client-secret";
  private static final Duration DAY = Duration.ofDays(1);

  private final MutableClock clock = new MutableClock();
  private final InMemoryTokenStore tokens = new InMemoryTokenStore(clock);
  private final ClientServer server = new ClientServer(clock, SECRET);
  private final Grant live = Grants.named("france/live").build();
  private final Grant sandbox = Grants.named("france/sandbox").build();
  private final Grant germany = Grants.named("germany/live").build();
  private final List<Grant> all = List.of(live, sandbox, germany);
  private List<OpenAlert> open = List.of();

  @BeforeEach
  void tokensAreThere() throws InterruptedException {
    for (Grant grant : all) {
      rotator().bringIn(grant, new Import(RefreshToken.of("first"), null, null, true, false));
    }
  }

  @Test
  void aDaemonThatDoesNotKnowAGrantDoesNotSayThatItHasRecovered() {
    refuse();
    assertThat(look("web1", all)).extracting(Alert::change).containsExactly(Change.RAISED);
    List<OpenAlert> told = open;

    assertThat(look("web2", List.of(elsewhere()))).isEmpty();
    assertThat(open).isEqualTo(told);

    mend();
    assertThat(look("web1", all)).extracting(Alert::change).containsExactly(Change.RECOVERED);
  }

  @Test
  void aDaemonThatKnowsFewerGrantsRemindsOfAllThatWereTold() {
    refuse();
    look("web1", all);
    clock.advance(DAY);

    List<Alert> reminder = look("web2", List.of(live));

    assertThat(reminder).extracting(Alert::change).containsExactly(Change.REMINDED);
    assertThat(reminder.get(0).title()).startsWith("france/live and 2 others: ");
    assertThat(open.get(0).subjects())
        .containsExactlyInAnyOrder("france/live", "france/sandbox", "germany/live");
    clock.advance(Duration.ofHours(2));
    assertThat(look("web1", all)).as("nothing is new to it").isEmpty();
  }

  @Test
  void ofDaemonsThatKnowDifferentGrantsTheLastTellsTheRecovery() {
    refuse();
    look("web1", List.of(live));
    clock.advance(Duration.ofHours(2));
    assertThat(look("web2", List.of(germany)))
        .extracting(Alert::title)
        .first()
        .asString()
        .startsWith("germany/live and 1 other: ");

    mend();
    assertThat(look("web1", List.of(live))).isEmpty();
    assertThat(look("web2", List.of(germany)))
        .extracting(Alert::change)
        .containsExactly(Change.RECOVERED);
  }

  @Test
  void aGrantThatWasForgottenKeepsNoAlertOpen() throws InterruptedException {
    refuse();
    look("web1", all);
    for (Grant grant : all) {
      new GrantRemoval(tokens, new Patience(), clock).forget(grant.name());
    }

    assertThat(look("web2", List.of(elsewhere())))
        .extracting(Alert::change)
        .containsExactly(Change.RECOVERED);
  }

  @Test
  void aGrantThatNoDaemonKnowsAnyMoreIsNoLongerRememberedAfterThreeDays() {
    refuse();
    look("web1", all);
    clock.advance(DAY.multipliedBy(3));

    assertThat(look("web2", List.of(elsewhere()))).isEmpty();
    assertThat(open).isEmpty();
  }

  @Test
  void aGrantThatNoDaemonKnowsAnyMoreIsNotRemindedOfForEver() {
    refuse();
    look("web1", all);

    for (int day = 1; day < 5; day++) {
      clock.advance(DAY);
      look("web1", List.of(live));
    }

    assertThat(open.get(0).subjects()).containsExactly("france/live");
    mend();
    assertThat(look("web1", List.of(live)))
        .extracting(Alert::change)
        .containsExactly(Change.RECOVERED);
  }

  @Test
  void aGrantTakenOutOfTheConfigurationOfTheOnlyDaemonIsNoTroubleAnyMore() {
    refuse();
    look("", all);

    assertThat(look("", List.of(elsewhere())))
        .extracting(Alert::change)
        .containsExactly(Change.RECOVERED);
  }

  @Test
  void aDaemonThatDoesNotKnowAClientDoesNotSayThatItsSecretNoLongerEnds() {
    Grant ending = withASecretThatEnds(clock.instant().plus(DAY.multipliedBy(5)));
    assertThat(look("web1", List.of(ending)).get(0).cause()).startsWith("credential/");

    assertThat(look("web2", List.of())).isEmpty();
    assertThat(open).hasSize(1);

    assertThat(
            look("web1", List.of(withASecretThatEnds(clock.instant().plus(DAY.multipliedBy(500))))))
        .extracting(Alert::change)
        .containsExactly(Change.RECOVERED);
  }

  @Test
  void theAlertOfAClientThatNoDaemonKnowsAnyMoreEndsAfterThreeDays() {
    look("web1", List.of(withASecretThatEnds(clock.instant().plus(DAY.multipliedBy(5)))));
    clock.advance(DAY.multipliedBy(3));

    assertThat(look("web1", List.of())).extracting(Alert::change).containsExactly(Change.RECOVERED);
  }

  private static Grant withASecretThatEnds(Instant end) {
    return Grants.named("france/live").credential(new ClientSecret(Secret.of(SECRET), end)).build();
  }

  /** A daemon that knows none of them. */
  private static Grant elsewhere() {
    return Grants.named("elsewhere/main").build();
  }

  /** What a daemon of that configuration tells people; as the only one if it has no machine. */
  private List<Alert> look(String machine, List<Grant> configured) {
    Survey survey = new FleetSurvey(new Fleet(configured), tokens, machine, new SkewWatch());
    Instant now = clock.instant();
    AlertRules.Look look =
        new AlertRules(List.of(DAY.multipliedBy(7)), DAY.multipliedBy(14)).at(now);
    survey.fill(look);
    AlertBook.Page page = AlertBook.compare(look.causes(), open, survey.view(), now);
    open = page.open();
    return page.alerts();
  }

  private void refuse() {
    server.expire(SECRET);
    for (int i = 0; i < 2; i++) {
      rotator().rotate(live, Trigger.MANUAL);
      clock.advance(Duration.ofMinutes(1));
    }
  }

  private void mend() {
    server.accept(SECRET);
    all.forEach(grant -> rotator().rotate(grant, Trigger.MANUAL));
  }

  private Rotator rotator() {
    RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
    return new Rotator(tokens, server, policy, (entry, kept) -> {}, clock);
  }
}
