package io.refreshd.entra;

import io.refreshd.grant.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the first key of a PFX file (PKCS#12), and the certificates of all its keys. */
final class PfxFile {

  private PfxFile() {}

  static KeyAndChain read(byte[] bytes, @Nullable Secret password, Instant now)
      throws UnusableCertificate {
    char[] chars = password == null ? new char[0] : password.reveal().toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes), chars);
      PrivateKey first = null;
      List<X509Certificate> certificates = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        add(certificates, store.getCertificateChain(alias));
        if (first == null && store.getKey(alias, chars) instanceof PrivateKey key) {
          first = key;
        }
      }
      return KeyAndChain.of(first, certificates, now);
    } catch (IOException e) {
      boolean wrong = e.getCause() instanceof UnrecoverableKeyException;
      throw new UnusableCertificate(
          wrong
              ? "its password is " + (password == null ? "missing" : "wrong")
              : "it is no PFX file");
    } catch (GeneralSecurityException e) {
      throw new UnusableCertificate(
          "its key cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static void add(List<X509Certificate> to, Certificate @Nullable [] chain) {
    for (Certificate certificate : chain == null ? new Certificate[0] : chain) {
      if (certificate instanceof X509Certificate x509) {
        to.add(x509);
      }
    }
  }
}
