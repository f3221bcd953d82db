package io.refreshd.entra;

import io.refreshd.bench.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** Writes keys and certificates of a keystore as PEM. */
final class Pem {

  private final Key key;
  private final X509Certificate certificate;

  Pem(SelfSigned of) throws GeneralSecurityException {
    KeyStore store = of.keyStore();
    String alias = store.aliases().nextElement();
    this.key = store.getKey(alias, SelfSigned.PASSWORD.toCharArray());
    this.certificate = (X509Certificate) store.getCertificate(alias);
  }

  String key() {
    return block("PRIVATE KEY", key.getEncoded());
  }

  String certificate() throws GeneralSecurityException {
    return block("CERTIFICATE", certificate.getEncoded());
  }

  X509Certificate x509() {
    return certificate;
  }

  static String block(String label, byte[] bytes) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + label
        + "-----\n";
  }

  static Path file(Path folder, String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
