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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the first key of a PFX file (PKCS#12), and its certificates. */
final class PfxFile {

  private PfxFile() {}

  static KeyAndChain read(byte[] bytes, @Nullable Secret password) throws UnusableCertificate {
    char[] chars = password == null ? new char[0] : password.reveal().toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes), chars);
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias) && store.getKey(alias, chars) instanceof PrivateKey key) {
          return KeyAndChain.of(key, x509(store.getCertificateChain(alias)));
        }
      }
      throw new UnusableCertificate("it holds no private key");
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

  private static List<X509Certificate> x509(Certificate @Nullable [] chain) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Certificate certificate : chain == null ? new Certificate[0] : chain) {
      if (certificate instanceof X509Certificate x509) {
        certificates.add(x509);
      }
    }
    return certificates;
  }
}
