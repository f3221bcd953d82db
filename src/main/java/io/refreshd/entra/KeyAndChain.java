package io.refreshd.entra;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A private key and the certificates up from its own.
 *
 * @param chain the key's certificate first, then each one's issuer, as far as they are there
 */
record KeyAndChain(PrivateKey key, List<X509Certificate> chain) {

  /** Entra signs in by RS256 only, and refuses shorter keys. */
  private static final int LEAST_BITS = 2048;

  /**
   * Sorts the certificates.
   *
   * @throws UnusableCertificate if key or certificate is missing, or they do not belong together
   */
  static KeyAndChain of(@Nullable PrivateKey key, List<X509Certificate> certificates)
      throws UnusableCertificate {
    if (key == null) {
      throw new UnusableCertificate("it holds no private key");
    }
    if (certificates.isEmpty()) {
      throw new UnusableCertificate("it holds no certificate");
    }
    if (!(key instanceof RSAKey rsa)) {
      throw notRsa(key.getAlgorithm());
    }
    int bits = rsa.getModulus().bitLength();
    if (bits < LEAST_BITS) {
      throw new UnusableCertificate(
          "its key has " + bits + " bits; it must have at least " + LEAST_BITS);
    }
    return new KeyAndChain(key, chain(own(rsa, certificates), certificates));
  }

  /** What is wrong with a key of another kind. */
  static UnusableCertificate notRsa(String kind) {
    return new UnusableCertificate("its key is " + kind + "; it must be RSA");
  }

  X509Certificate certificate() {
    return chain.get(0);
  }

  private static X509Certificate own(RSAKey key, List<X509Certificate> certificates)
      throws UnusableCertificate {
    return certificates.stream()
        .filter(
            certificate ->
                certificate.getPublicKey() instanceof RSAPublicKey its
                    && its.getModulus().equals(key.getModulus()))
        .findFirst()
        .orElseThrow(() -> new UnusableCertificate("its key does not belong to its certificate"));
  }

  private static List<X509Certificate> chain(X509Certificate own, List<X509Certificate> all) {
    List<X509Certificate> chain = new ArrayList<>();
    for (X509Certificate next = own; next != null && !chain.contains(next); ) {
      chain.add(next);
      X509Certificate last = next;
      next =
          all.stream()
              .filter(one -> one.getSubjectX500Principal().equals(last.getIssuerX500Principal()))
              .findFirst()
              .orElse(null);
    }
    return List.copyOf(chain);
  }
}
