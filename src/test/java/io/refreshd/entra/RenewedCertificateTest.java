package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.bench.SelfSigned;
import io.refreshd.grant.Client;
import io.refreshd.grant.Secret;
import io.refreshd.testing.MutableClock;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate that was renewed without a new key, beside the one of before. */
class RenewedCertificateTest {

  private static final char[] PASSWORD = SelfSigned.PASSWORD.toCharArray();

  @TempDir static Path shared = Path.of("");
  private static SelfSigned store = new SelfSigned(Path.of(""));

  /** The one of before, and the renewed one. */
  private static List<Pem> both = List.of();

  @TempDir Path folder = Path.of("");
  private final MutableClock clock = new MutableClock(Instant.EPOCH);
  private final ClientCertificates certificates = new ClientCertificates(clock);

  @BeforeAll
  static void make() throws Exception {
    store =
        SelfSigned.in(
            shared,
            "client",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-startdate",
            "2026/01/01",
            "-validity",
            "300");
    Pem before = new Pem(store);
    store.renew("-startdate", "2026/10/01", "-validity", "365");
    both = List.of(before, new Pem(store));
  }

  @Test
  void theOneThatHasNotExpiredCountsWhereverItStands() throws Exception {
    clock.set(end(both.get(0).x509()).plusSeconds(1));

    assertThat(inspected(key() + old() + renewed())).isEqualTo(end(both.get(1).x509()));
    assertThat(inspected(renewed() + key() + old())).isEqualTo(end(both.get(1).x509()));
  }

  @Test
  void whileBothAreValidTheOneThatLastsLongerCounts() throws Exception {
    clock.set(both.get(1).x509().getNotBefore().toInstant().plusSeconds(1));

    assertThat(inspected(key() + old() + renewed())).isEqualTo(end(both.get(1).x509()));
  }

  @Test
  void theOneThatIsNotValidYetWaitsForItsTime() throws Exception {
    clock.set(both.get(1).x509().getNotBefore().toInstant().minusSeconds(1));

    assertThat(inspected(key() + renewed() + old())).isEqualTo(end(both.get(0).x509()));
  }

  @Test
  void whenNeitherIsValidTheOneThatLastsLongerIsTold() throws Exception {
    clock.set(end(both.get(1).x509()).plus(Duration.ofDays(1)));
    List<String> warnings = new ArrayList<>();

    Path file = Pem.file(folder, "client.pem", key() + old() + renewed());
    var facts = certificates.inspect(file, null, warnings::add, warnings::add);

    assertThat(facts.expiresAt()).isEqualTo(end(both.get(1).x509()));
    assertThat(warnings)
        .containsExactly(file + ": the certificate expired at " + end(both.get(1).x509()));
  }

  /** Both have the same name, and are their own issuers by it. */
  @Test
  void theOneOfBeforeIsNotSentAlong() throws Exception {
    clock.set(end(both.get(0).x509()).plusSeconds(1));
    Path file = Pem.file(folder, "client.pem", key() + old() + renewed());

    assertThat(
            certificates
                .load(new Client.Certificate(file, null))
                .getEncodedPublicKeyCertificateChain())
        .containsExactly(Base64.getEncoder().encodeToString(both.get(1).x509().getEncoded()));
  }

  @Test
  void inAPfxTheOneThatHasNotExpiredCountsToo() throws Exception {
    KeyStore pfx = KeyStore.getInstance("PKCS12");
    pfx.load(null, null);
    Key its = store.keyStore().getKey("client", PASSWORD);
    pfx.setKeyEntry("a", its, PASSWORD, new Certificate[] {both.get(0).x509()});
    pfx.setKeyEntry("b", its, PASSWORD, new Certificate[] {both.get(1).x509()});
    Path file = folder.resolve("client.pfx");
    try (OutputStream out = Files.newOutputStream(file)) {
      pfx.store(out, PASSWORD);
    }
    clock.set(end(both.get(0).x509()).plusSeconds(1));

    assertThat(inspected(file, Secret.of(SelfSigned.PASSWORD))).isEqualTo(end(both.get(1).x509()));
  }

  private @Nullable Instant inspected(String pem) throws Exception {
    return inspected(Pem.file(folder, "client.pem", pem), null);
  }

  private @Nullable Instant inspected(Path file, @Nullable Secret password) {
    List<String> told = new ArrayList<>();
    var facts = certificates.inspect(file, password, told::add, told::add);
    assertThat(told).isEmpty();
    return facts.expiresAt();
  }

  private static String key() {
    return both.get(0).key();
  }

  private static String old() throws Exception {
    return both.get(0).certificate();
  }

  private static String renewed() throws Exception {
    return both.get(1).certificate();
  }

  private static Instant end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }
}
