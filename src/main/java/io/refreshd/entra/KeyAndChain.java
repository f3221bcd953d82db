package io.refreshd.entra;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.security.auth.x500.X500Principal;
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
   * Sorts the certificates. A renewed one may stand beside the one of before, of the same key: the
   * one counts that is valid, and of two the one that lasts longer.
   *
   * @throws UnusableCertificate if key or certificate is missing, or they do not belong together
   */
  static KeyAndChain of(@Nullable PrivateKey key, List<X509Certificate> certificates, Instant now)
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
    return new KeyAndChain(key, chain(own(rsa, certificates, now), certificates));
  }

  /** What is wrong with a key of another kind. */
  static UnusableCertificate notRsa(String kind) {
    return new UnusableCertificate("its key is " + kind + "; it must be RSA");
  }

  X509Certificate certificate() {
    return chain.get(0);
  }

  private static X509Certificate own(RSAKey key, List<X509Certificate> certificates, Instant now)
      throws UnusableCertificate {
    return certificates.stream()
        .filter(
            certificate ->
                certificate.getPublicKey() instanceof RSAPublicKey its
                    && its.getModulus().equals(key.getModulus()))
        .max(
            Comparator.comparing((X509Certificate certificate) -> isValid(certificate, now))
                .thenComparing(X509Certificate::getNotAfter))
        .orElseThrow(() -> new UnusableCertificate("its key does not belong to its certificate"));
  }

  private static boolean isValid(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  private static List<X509Certificate> chain(X509Certificate own, List<X509Certificate> all) {
    List<X509Certificate> chain = new ArrayList<>();
    for (X509Certificate next = own; next != null && !chain.contains(next); ) {
      chain.add(next);
      next = issuer(next, all);
    }
    return List.copyOf(chain);
  }

  /** {@code null} if it is not there, or it is its own: another one of that name is none. */
  private static @Nullable X509Certificate issuer(X509Certificate of, List<X509Certificate> all) {
    X500Principal issuer = of.getIssuerX500Principal();
    return all.stream()
        .filter(one -> one.getSubjectX500Principal().equals(issuer))
        .filter(one -> !issuer.equals(of.getSubjectX500Principal()))
        .findFirst()
        .orElse(null);
  }
}
