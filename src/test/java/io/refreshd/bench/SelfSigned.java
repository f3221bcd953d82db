package io.refreshd.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key with a self-signed certificate for {@code localhost} and {@code 127.0.0.1}, made by the
 * JDK's keytool.
 *
 * @param keystore PKCS#12
 */
public record SelfSigned(Path keystore) {

  public static final String PASSWORD = "not-a-secret";

  /** Makes a valid one of RSA 2048 in the folder. */
  public static SelfSigned in(Path folder) {
    return in(folder, "localhost", "-keyalg", "RSA", "-keysize", "2048");
  }

  /** Makes one by options of {@code keytool -genkeypair}. */
  public static SelfSigned in(Path folder, String name, String... options) {
    Path keystore = folder.resolve(name + ".p12");
    generate(keystore, name, options);
    return new SelfSigned(keystore);
  }

  /**
   * Gives the key a new certificate, by options of {@code keytool -selfcert}, in the same place.
   */
  public void renew(String... options) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(keytool(), "-selfcert", "-alias", alias()));
    command.addAll(List.of("-keystore", keystore.toString(), "-storepass", PASSWORD));
    command.addAll(List.of(options));
    run(command);
  }

  /** Adds a key with its certificate to a keystore. */
  public static void generate(Path keystore, String name, String... options) {
    List<String> command = new ArrayList<>();
    command.add(keytool());
    command.addAll(List.of("-genkeypair", "-alias", name, "-dname", "CN=" + name));
    command.addAll(List.of("-ext", "san=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", keystore.toString(), "-storepass", PASSWORD));
    command.addAll(List.of(options));
    run(command);
  }

  /** Speaks as this certificate, and trusts nothing but it. */
  public SSLContext sslContext() {
    try {
      KeyStore store = keyStore();
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD.toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted(store));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What makes a JVM trust nothing but it. */
  List<String> trustingFlags() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + keystore, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
  }

  /** What makes OpenSSL (Python among others), curl and Node trust it. */
  Map<String, String> trustingEnvironment() {
    String certificate = keystore + ".pem";
    run(
        List.of(
            keytool(),
            "-exportcert",
            "-rfc",
            "-alias",
            alias(),
            "-file",
            certificate,
            "-keystore",
            keystore.toString(),
            "-storepass",
            PASSWORD));
    return Map.of(
        "SSL_CERT_FILE", certificate,
        "CURL_CA_BUNDLE", certificate,
        "NODE_EXTRA_CA_CERTS", certificate);
  }

  private String alias() {
    try {
      return keyStore().aliases().nextElement();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public KeyStore keyStore() {
    try (InputStream in = Files.newInputStream(keystore)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore trusted(KeyStore own) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("it", own.getCertificate(own.aliases().nextElement()));
    return trusted;
  }

  private static String keytool() {
    return Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
  }

  private static void run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
