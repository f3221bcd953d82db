package io.refreshd.entra;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.IClientCertificate;
import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Certificates of clients: read once each, until told to read anew. */
public final class ClientCertificates {

  /** A chain of three with its key has 10 KB; what is larger is another file. */
  private static final int LARGEST = 1024 * 1024;

  private final Map<Certificate, IClientCertificate> loaded = new ConcurrentHashMap<>();
  private final Clock clock;

  public ClientCertificates(Clock clock) {
    this.clock = clock;
  }

  /**
   * Reads the file of a certificate.
   *
   * @param file PEM, or PFX by its ending {@code .pfx} or {@code .p12}
   * @param password of a PFX file
   * @param problem told why the certificate cannot be used; not told anything if it can
   * @param warning told if it is out of its time: the server's clock decides, and whoever renews it
   *     changes nothing else
   * @return the certificate with its thumbprint and its end, if the file could be read
   */
  public Certificate inspect(
      Path file, @Nullable Secret password, Consumer<String> problem, Consumer<String> warning) {
    try {
      X509Certificate certificate = read(file, password).certificate();
      outOfTime(certificate).ifPresent(words -> warning.accept(file + ": " + words));
      Instant end = certificate.getNotAfter().toInstant();
      return new Certificate(file, password, thumbprint(certificate), end);
    } catch (UnusableCertificate e) {
      problem.accept(String.valueOf(e.getMessage()));
      return new Certificate(file, password);
    }
  }

  /** Forgets what was read, so that renewed files are seen. */
  void forget() {
    loaded.clear();
  }

  /** One that is out of its time is loaded all the same: the server's clock decides. */
  IClientCertificate load(Certificate certificate) throws UnusableCertificate {
    IClientCertificate known = loaded.get(certificate);
    if (known != null) {
      return known;
    }
    KeyAndChain read = read(certificate.file(), certificate.password());
    IClientCertificate fresh =
        ClientCredentialFactory.createFromCertificateChain(read.key(), read.chain());
    loaded.put(certificate, fresh);
    return fresh;
  }

  private Optional<String> outOfTime(X509Certificate certificate) {
    Instant now = clock.instant();
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isAfter(until)) {
      return Optional.of("the certificate expired at " + until);
    }
    return now.isBefore(from)
        ? Optional.of("the certificate is valid only from " + from)
        : Optional.empty();
  }

  /** SHA-256 of the DER form, as hex. */
  private static String thumbprint(X509Certificate certificate) throws UnusableCertificate {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new UnusableCertificate("its certificate is damaged");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private KeyAndChain read(Path file, @Nullable Secret password) throws UnusableCertificate {
    try {
      byte[] bytes = bytes(file);
      String name = file.toString().toLowerCase(Locale.ROOT);
      return name.endsWith(".pfx") || name.endsWith(".p12")
          ? PfxFile.read(bytes, password, clock.instant())
          : PemFile.read(new String(bytes, StandardCharsets.ISO_8859_1), clock.instant());
    } catch (UnusableCertificate e) {
      throw new UnusableCertificate(file + ": " + e.getMessage());
    }
  }

  /** A pipe would be waited for, and a device may never end. */
  private static byte[] bytes(Path file) throws UnusableCertificate {
    try {
      if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
        throw new UnusableCertificate("it is no regular file");
      }
      return bounded(file);
    } catch (NoSuchFileException e) {
      throw new UnusableCertificate("there is no such file");
    } catch (IOException e) {
      throw new UnusableCertificate("it cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static byte[] bounded(Path file) throws IOException, UnusableCertificate {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new UnusableCertificate("it is too large for a certificate");
      }
      return bytes;
    }
  }
}
