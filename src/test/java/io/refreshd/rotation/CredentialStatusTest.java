package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Client;
import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Client.Credential;
import io.refreshd.grant.Client.NoCredential;
import io.refreshd.grant.Client.Unread;
import io.refreshd.grant.Grant;
import io.refreshd.grant.Secret;
import io.refreshd.rotation.CredentialStatus.Use;
import io.refreshd.testing.Answers;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The secrets of a client, which of them is in use, and how near their ends are. */
class CredentialStatusTest {

  private static final Instant NOW = MutableClock.START;

  private final ClientSecret first = secret("first", null);
  private final ClientSecret second = secret("second", null);
  private final Grant grant = with(first, second);

  @Test
  void theFirstIsInUseAndTheOthersAreSpare() {
    List<CredentialStatus> all = statuses(with(first, second, secret("third", null)));

    assertThat(all)
        .extracting(CredentialStatus::use)
        .containsExactly(Use.IN_USE, Use.SPARE, Use.SPARE);
    assertThat(all)
        .extracting(CredentialStatus::label)
        .containsExactly("client secret 1 of 3", "client secret 2 of 3", "client secret 3 of 3");
    assertThat(all).extracting(CredentialStatus::key).doesNotHaveDuplicates();
    assertThat(all).extracting(CredentialStatus::level).containsOnly(Level.OK);
    assertThat(all).extracting(status -> status.use().word()).contains("in-use", "spare");
  }

  @Test
  void whereTheFirstIsRefusedTheNextIsInUse() {
    Circuit circuit = refused(first);
    List<CredentialStatus> all = statuses(grant, circuit);

    assertThat(all).extracting(CredentialStatus::use).containsExactly(Use.REFUSED, Use.IN_USE);
    assertThat(all).extracting(CredentialStatus::circuit).containsExactly(circuit, null);
    assertThat(all).extracting(CredentialStatus::level).containsExactly(Level.WARNING, Level.OK);
  }

  @Test
  void aSingleSecretIsNotCountedAndAPublicClientHasNone() {
    assertThat(statuses(with(first)))
        .extracting(CredentialStatus::label)
        .containsExactly("client secret");
    assertThat(statuses(with(new NoCredential()))).isEmpty();
  }

  /** Somebody without access to the secrets looks on. */
  @Test
  void credentialsThatNobodyReadAreToldApartByTheirPlaces() {
    List<CredentialStatus> all =
        statuses(with(new Unread("env:A", null), new Unread("env:B", NOW)));

    assertThat(all)
        .extracting(CredentialStatus::label)
        .containsExactly("client credential 1 of 2", "client credential 2 of 2");
    assertThat(all).extracting(CredentialStatus::key).doesNotHaveDuplicates();
    assertThat(all.get(0).key()).startsWith("credential:").endsWith("#0");
    assertThat(all.get(1).expiresAt()).isEqualTo(NOW);
  }

  @ParameterizedTest
  @CsvSource({
    // left, in use, spare, refused
    "P30DT0.001S, OK, OK, WARNING",
    "P30D, WARNING, WARNING, WARNING",
    "P7DT0.001S, WARNING, WARNING, WARNING",
    "P7D, CRITICAL, WARNING, CRITICAL",
    "PT-1S, CRITICAL, WARNING, CRITICAL"
  })
  void theNearerTheEndTheMoreUrgent(Duration left, Level inUse, Level spare, Level refused) {
    ClientSecret ends = secret("ends", NOW.plus(left));

    assertThat(statuses(with(ends)).get(0).level()).isEqualTo(inUse);
    assertThat(statuses(with(first, ends)).get(1).level()).isEqualTo(spare);
    assertThat(statuses(with(ends, first), refused(ends)).get(0).level()).isEqualTo(refused);
  }

  @Test
  void daysLeftAreCountedIfTheEndIsKnown() {
    CredentialStatus known = statuses(with(secret("x", NOW.plus(Duration.ofHours(36))))).get(0);

    assertThat(known.daysLeft(NOW)).isEqualTo(1.5);
    assertThat(known.daysLeft(NOW.plus(Duration.ofDays(2)))).isEqualTo(-0.5);
    assertThat(statuses(with(first)).get(0).daysLeft(NOW)).isNull();
  }

  @Test
  void theMostUrgentCounts() {
    List<CredentialStatus> both = new ArrayList<>(statuses(with(first)));
    both.addAll(statuses(with(secret("x", NOW))));

    assertThat(Level.worst(both)).isEqualTo(Level.CRITICAL);
    assertThat(Level.worst(both.subList(0, 1))).isEqualTo(Level.OK);
    assertThat(Level.worst(List.of())).isEqualTo(Level.OK);
  }

  private static List<CredentialStatus> statuses(Grant of, Circuit... open) {
    return CredentialStatus.of(List.of(of), grants -> Circuits.of(List.of(open)), NOW);
  }

  private Circuit refused(Credential credential) {
    Standing standing =
        Standing.good(null, null)
            .failed(
                Answers.refused(RefusalKind.CONFIGURATION, Reach.CREDENTIAL, "7000222", NOW), NOW);
    String key = CircuitKeys.of(grant.by(credential), Reach.CREDENTIAL);
    return new Circuit(key, Reach.CREDENTIAL, standing, NOW);
  }

  private static ClientSecret secret(String text, @Nullable Instant end) {
    return new ClientSecret(Secret.of(text), end);
  }

  private static Grant with(Credential... credentials) {
    Grant sample = Grants.sample();
    return new Grant(
        sample.name(),
        sample.endpoint(),
        new Client(sample.client().id(), List.of(credentials)),
        sample.refreshTokens(),
        sample.cadence(),
        sample.lifetime(),
        null,
        null);
  }
}
