package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.bench.SelfSigned;
import java.io.File;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With issuers that come with the JVM, and with one that does not. */
class InterceptionTest {

  @TempDir static Path folder = Path.of("");
  private static List<X509Certificate> ofACompany = List.of();

  @BeforeAll
  static void make() throws GeneralSecurityException {
    SelfSigned company = SelfSigned.in(folder);
    KeyStore store = company.keyStore();
    ofACompany = List.of((X509Certificate) store.getCertificate(store.aliases().nextElement()));
  }

  @Test
  void anIssuerThatComesWithJavaIsNotSuspected() throws Exception {
    assertThat(Interception.suspicion("sso.example.org", issuedBy("GlobalSign"))).isNull();
  }

  @Test
  void anyOtherIssuerIsSuspected() {
    assertThat(Interception.suspicion("sso.example.org", ofACompany)).endsWith(": CN=localhost");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "login.microsoftonline.com",
        "LOGIN.microsoftonline.US",
        "login.partner.microsoftonline.cn",
        "contoso.b2clogin.com",
        "contoso.ciamlogin.com"
      })
  void microsoftHasItsCertificatesFromTwo(String host) throws Exception {
    assertThat(Interception.suspicion(host, issuedBy("DigiCert Inc"))).isNull();
    assertThat(Interception.suspicion(host, issuedBy("Microsoft Corporation"))).isNull();
    assertThat(Interception.suspicion(host, issuedBy("GlobalSign")))
        .startsWith("the certificate of " + host + " is issued by neither DigiCert nor Microsoft")
        .contains("GlobalSign");
  }

  @ParameterizedTest
  @CsvSource({"b2clogin.com.example.org", "microsoftonline.com", "login.microsoftonline.com.evil"})
  void aNameThatOnlyLooksLikeMicrosoftsIsAnother(String host) throws Exception {
    assertThat(Interception.suspicion(host, issuedBy("GlobalSign"))).isNull();
  }

  /** A root is issued by itself. */
  private static List<X509Certificate> issuedBy(String organization)
      throws GeneralSecurityException, java.io.IOException {
    File list = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts").toFile();
    return new PKIXParameters(KeyStore.getInstance(list, (char[]) null))
        .getTrustAnchors().stream()
            .map(TrustAnchor::getTrustedCert)
            .filter(root -> root.getSubjectX500Principal().getName().contains("O=" + organization))
            .limit(1)
            .toList();
  }
}
