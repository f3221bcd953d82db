package io.refreshd.fault.network;

import io.refreshd.bench.SelfSigned;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for {@code 127.0.0.1} that ended days ago, signed by an authority that has not. A
 * self-signed one would not do: what is trusted by itself is not asked for its dates.
 *
 * @param server speaks as it
 * @param believer trusts the authority
 */
record ExpiredCertificate(SSLContext server, SSLContext believer) {

  private static final char[] PASSWORD = SelfSigned.PASSWORD.toCharArray();

  static ExpiredCertificate in(Path folder) {
    Path file = folder.resolve("expired.p12");
    SelfSigned.generate(file, "authority", "-keyalg", "EC", "-ext", "bc:critical");
    SelfSigned.generate(
        file,
        "expired",
        "-keyalg",
        "EC",
        "-signer",
        "authority",
        "-startdate",
        "-9d",
        "-validity",
        "5");
    try {
      KeyStore made = new SelfSigned(file).keyStore();
      return new ExpiredCertificate(server(made), believer(made));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLContext server(KeyStore made) throws GeneralSecurityException, IOException {
    Key key = made.getKey("expired", PASSWORD);
    Certificate[] chain = made.getCertificateChain("expired");
    KeyStore own = empty();
    own.setKeyEntry("it", key, PASSWORD, chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static SSLContext believer(KeyStore made) throws GeneralSecurityException, IOException {
    KeyStore trusted = empty();
    trusted.setCertificateEntry("authority", made.getCertificate("authority"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
