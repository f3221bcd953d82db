package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.bench.SelfSigned;
import io.refreshd.rotation.StoreException.Unavailable;
import io.refreshd.testing.OwnPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to PostgreSQL is TLS, and ends at the right server or not at all. */
class PostgresTlsTest {

  @TempDir private static Path made;
  private static @Nullable OwnPostgres server;

  @TempDir private Path folder;

  @BeforeAll
  static void aServerWithACertificate() throws Exception {
    pem(SelfSigned.in(made), "server");
    Path elsewhere = Files.createDirectory(made.resolve("elsewhere"));
    pem(SelfSigned.in(elsewhere), "stranger");
    server =
        OwnPostgres.startOrSkip(
            made.resolve("data"),
            Map.of(
                "ssl", "on",
                "ssl_cert_file", "'" + made.resolve("server.crt") + "'",
                "ssl_key_file", "'" + made.resolve("server.key") + "'"));
  }

  @AfterAll
  static void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  private static void pem(SelfSigned of, String name) throws Exception {
    KeyStore store = of.keyStore();
    String alias = store.aliases().nextElement();
    write(name + ".crt", "CERTIFICATE", store.getCertificate(alias).getEncoded());
    write(name + ".key", "PRIVATE KEY", key(store, alias));
  }

  private static byte[] key(KeyStore store, String alias) throws GeneralSecurityException {
    return store.getKey(alias, SelfSigned.PASSWORD.toCharArray()).getEncoded();
  }

  private static void write(String file, String label, byte[] bytes) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Path written =
        Files.writeString(
            made.resolve(file),
            "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
  }

  private StoreFixture trusting(String certificate, String host) {
    String url =
        Objects.requireNonNull(server).url().replace("localhost", host)
            + "&sslmode=verify-full&sslrootcert="
            + made.resolve(certificate);
    return new PostgresFixture(url, folder);
  }

  @Test
  void theServersOwnCertificateIsTrusted() {
    StoreFixture fixture = trusting("server.crt", "localhost");
    try (OpenStore store = fixture.open("run")) {
      fixture.samples.bringIn(store, LIVE);
      assertThat(store.find(LIVE)).isPresent();
    }
    JdbcTokenStore store = TokenStores.connect(fixture.location, "run", fixture.clock, Disk.REAL);
    try {
      String isEncrypted =
          store
              .writer()
              .write(
                  false,
                  on ->
                      on.first(
                              "SELECT CAST(ssl AS text) FROM pg_stat_ssl"
                                  + " WHERE pid = pg_backend_pid()",
                              Columns::text)
                          .orElseThrow());
      assertThat(isEncrypted).isEqualTo("true");
    } finally {
      store.close();
    }
  }

  @Test
  void aStrangersCertificateIsNot() {
    StoreFixture fixture = trusting("stranger.crt", "localhost");

    assertThatThrownBy(() -> fixture.open("run"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("the store jdbc:postgresql://localhost:")
        .hasMessageContaining("SSL error")
        .hasMessageContaining("check sslmode and sslrootcert in store.url")
        .hasMessageNotContainingAny("stranger.crt", "Exception");
  }

  @Test
  void aCertificateOfAnotherNameIsNot() {
    // the very address, by a name that the certificate does not have
    StoreFixture fixture = trusting("server.crt", "127.1");

    assertThatThrownBy(() -> fixture.open("run"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("check sslmode and sslrootcert in store.url");
  }
}
