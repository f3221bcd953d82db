package io.refreshd.entra;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a PKCS#8 key and certificates, in any order, from a PEM text (RFC 7468). */
final class PemFile {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*+)-----END \\1-----");

  /** The kinds of keys that are told apart, so that nobody converts one in vain. */
  private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA", "DSA");

  private static final Set<String> LABELS_OF_OTHERS = Set.of("EC PRIVATE KEY", "DSA PRIVATE KEY");

  private PemFile() {}

  static KeyAndChain read(String text, Instant now) throws UnusableCertificate {
    PrivateKey key = null;
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      String label = block.group(1);
      if (label.equals("CERTIFICATE")) {
        certificates.add(certificate(block.group(2)));
      } else if (label.endsWith("PRIVATE KEY") && key == null) {
        key = key(label, block.group(2));
      }
    }
    if (key == null && text.contains("PRIVATE KEY-----")) {
      throw new UnusableCertificate("its private key is cut off or encrypted; " + convert());
    }
    return KeyAndChain.of(key, certificates, now);
  }

  private static PrivateKey key(String label, String base64) throws UnusableCertificate {
    if (label.equals("ENCRYPTED PRIVATE KEY")) {
      throw new UnusableCertificate("its private key is encrypted; " + convert());
    }
    if (LABELS_OF_OTHERS.contains(label)) {
      throw KeyAndChain.notRsa(label.substring(0, label.indexOf(' ')));
    }
    if (!label.equals("PRIVATE KEY")) {
      throw new UnusableCertificate(
          "its private key is not PKCS#8 (it begins with " + label + "); " + convert());
    }
    return pkcs8(base64)
        .orElseThrow(
            () ->
                new UnusableCertificate(
                    "its private key is damaged, or of a kind that is not known; it must be RSA"));
  }

  private static Optional<PrivateKey> pkcs8(String base64) {
    try {
      PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(bytes(base64));
      return KINDS.stream().flatMap(kind -> pkcs8(kind, encoded).stream()).findFirst();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not Base64
    }
  }

  private static Optional<PrivateKey> pkcs8(String kind, PKCS8EncodedKeySpec encoded) {
    try {
      return Optional.of(KeyFactory.getInstance(kind).generatePrivate(encoded));
    } catch (GeneralSecurityException e) {
      return Optional.empty(); // of another kind, or one that this JVM does not know
    }
  }

  private static X509Certificate certificate(String base64) throws UnusableCertificate {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes(base64)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new UnusableCertificate("one of its certificates is damaged");
    }
  }

  private static byte[] bytes(String base64) {
    return Base64.getMimeDecoder().decode(base64);
  }

  private static String convert() {
    return "convert it with `openssl pkey -in OLD.pem -out NEW.pem` and append the certificate";
  }
}
