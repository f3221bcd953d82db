package io.refreshd.config;

import io.refreshd.grant.Client;
import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Client.Credential;
import io.refreshd.grant.Client.NoCredential;
import io.refreshd.grant.Client.Unread;
import io.refreshd.grant.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the application that a grant was given to, and how it proves itself. */
final class Clients {

  private final References references;
  private final SecretReferences secrets;
  private final ClientSecrets clientSecrets;
  private final CertificateCheck check;
  private final Map<Certificate, Inspected> inspected = new HashMap<>();

  Clients(References references, SecretReferences secrets, CertificateCheck check) {
    this.references = references;
    this.secrets = secrets;
    this.clientSecrets = new ClientSecrets(references, secrets);
    this.check = check;
  }

  /** Reports what is wrong with the credentials of one level, used or not. */
  void check(Fields fields) {
    if (fields.has(Keys.CLIENT_SECRET) && fields.has(Keys.CLIENT_CERTIFICATE)) {
      fields.reject(
          Keys.CLIENT_CERTIFICATE, "stands beside client-secret; would be one of the two");
    }
    clientSecrets.check(fields);
    password(fields);
  }

  /** The client; {@code null} if that was reported to be impossible. */
  @Nullable Client read(Layers in) {
    String id = in.value(Keys.CLIENT_ID);
    if (!in.has(Keys.CLIENT_ID)) {
      in.tenant().missing(Keys.CLIENT_ID);
    }
    List<Credential> credentials = credentials(in);
    return id == null || credentials.isEmpty() ? null : new Client(id, credentials);
  }

  /** Empty if what is wrong was reported. */
  private List<Credential> credentials(Layers in) {
    if (in.depth(Keys.CLIENT_CERTIFICATE) < in.depth(Keys.CLIENT_SECRET)) {
      return certificate(in).map(List::of).orElse(List.of());
    }
    if (in.depth(Keys.CLIENT_CERTIFICATE_PASSWORD) < in.depth(Keys.CLIENT_SECRET)) {
      in.reject(
          Keys.CLIENT_CERTIFICATE_PASSWORD,
          "has no client-certificate to open; would stand beside one");
    }
    return in.has(Keys.CLIENT_SECRET)
        ? clientSecrets.read(in.holding(Keys.CLIENT_SECRET))
        : List.of(new NoCredential());
  }

  private Optional<Credential> certificate(Layers in) {
    if (in.has(Keys.TOKEN_ENDPOINT)) {
      in.conflict(
          "a certificate is for Entra's endpoints only (the assertion that it signs names"
              + " Entra's URL); would be client-secret beside token-endpoint",
          Keys.CLIENT_CERTIFICATE,
          Keys.TOKEN_ENDPOINT);
    } else if (hasPath(in.value(Keys.AUTHORITY))) {
      in.conflict(
          "the assertion that a certificate signs names the authority's URL without its path;"
              + " would be an authority without a path, or client-secret",
          Keys.CLIENT_CERTIFICATE,
          Keys.AUTHORITY);
    }
    Path file = in.value(Keys.CLIENT_CERTIFICATE);
    if (file == null) {
      return Optional.empty();
    }
    if (references == References.LEAVE) {
      return Optional.of(new Unread(file.toString(), null));
    }
    boolean hasPassword = isPasswordOf(in);
    Secret password = hasPassword ? password(in.holding(Keys.CLIENT_CERTIFICATE_PASSWORD)) : null;
    if (hasPassword && password == null) {
      return Optional.empty();
    }
    Inspected found =
        inspected.computeIfAbsent(new Certificate(file, password), given -> inspect(given));
    found.problems().forEach(words -> in.conflict(words, Keys.CLIENT_CERTIFICATE));
    Fields holding = in.holding(Keys.CLIENT_CERTIFICATE);
    found.warnings().forEach(words -> holding.warn(Keys.CLIENT_CERTIFICATE, words));
    return Optional.of(found.certificate());
  }

  /** msal4j takes the first part of it for the directory. */
  private static boolean hasPath(@Nullable URI authority) {
    return authority != null && !authority.getRawPath().matches("/?");
  }

  /** A password further out than the certificate was meant for another one. */
  private static boolean isPasswordOf(Layers in) {
    return in.depth(Keys.CLIENT_CERTIFICATE_PASSWORD) <= in.depth(Keys.CLIENT_CERTIFICATE);
  }

  private @Nullable Secret password(Fields fields) {
    Reference reference = fields.value(Keys.CLIENT_CERTIFICATE_PASSWORD);
    return reference == null || references == References.LEAVE
        ? null
        : secrets.find(reference, fields, Keys.CLIENT_CERTIFICATE_PASSWORD).orElse(null);
  }

  private Inspected inspect(Certificate given) {
    List<String> problems = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    Certificate certificate =
        check.inspect(given.file(), given.password(), problems::add, warnings::add);
    return new Inspected(certificate, problems, warnings);
  }

  /** A file is looked into once, however many grants use it. */
  private record Inspected(Certificate certificate, List<String> problems, List<String> warnings) {}
}
