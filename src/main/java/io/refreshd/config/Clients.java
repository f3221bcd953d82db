package io.refreshd.config;

import io.refreshd.grant.Client;
import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Client.Credential;
import io.refreshd.grant.Client.NoCredential;
import io.refreshd.grant.Secret;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the application that a grant was given to, and how it proves itself. */
final class Clients {

  private final References references;
  private final SecretReferences secrets;
  private final CertificateCheck check;
  private final Map<Certificate, Optional<String>> checked = new HashMap<>();

  Clients(References references, SecretReferences secrets, CertificateCheck check) {
    this.references = references;
    this.secrets = secrets;
    this.check = check;
  }

  /** Reports what is wrong with the credentials of one level, used or not. */
  void check(Fields fields) {
    if (fields.has(Keys.CLIENT_SECRET) && fields.has(Keys.CLIENT_CERTIFICATE)) {
      fields.reject(
          Keys.CLIENT_CERTIFICATE, "stands beside client-secret; would be one of the two");
    }
    secret(fields, Keys.CLIENT_SECRET);
    secret(fields, Keys.CLIENT_CERTIFICATE_PASSWORD);
  }

  /** The client; {@code null} if that was reported to be impossible. */
  @Nullable Client read(Layers in) {
    String id = in.value(Keys.CLIENT_ID);
    if (!in.has(Keys.CLIENT_ID)) {
      in.tenant().missing(Keys.CLIENT_ID);
    }
    Credential credential = credential(in);
    return id == null || credential == null ? null : new Client(id, credential);
  }

  private @Nullable Credential credential(Layers in) {
    boolean isCertificate = in.depth(Keys.CLIENT_CERTIFICATE) < in.depth(Keys.CLIENT_SECRET);
    if (isCertificate) {
      return certificate(in);
    }
    if (in.depth(Keys.CLIENT_CERTIFICATE_PASSWORD) < in.depth(Keys.CLIENT_SECRET)) {
      in.reject(
          Keys.CLIENT_CERTIFICATE_PASSWORD,
          "has no client-certificate to open; would stand beside one");
    }
    if (!in.has(Keys.CLIENT_SECRET) || references == References.LEAVE) {
      return new NoCredential();
    }
    Secret secret = secret(in.holding(Keys.CLIENT_SECRET), Keys.CLIENT_SECRET);
    return secret == null ? null : new ClientSecret(secret);
  }

  private @Nullable Credential certificate(Layers in) {
    if (in.has(Keys.TOKEN_ENDPOINT)) {
      in.conflict(
          "a certificate is for Entra's endpoints only (the assertion that it signs names"
              + " Entra's URL); would be client-secret beside token-endpoint",
          Keys.CLIENT_CERTIFICATE,
          Keys.TOKEN_ENDPOINT);
    }
    Path file = in.value(Keys.CLIENT_CERTIFICATE);
    if (file == null || references == References.LEAVE) {
      return new NoCredential();
    }
    boolean hasPassword = isPasswordOf(in);
    Secret password =
        hasPassword
            ? secret(in.holding(Keys.CLIENT_CERTIFICATE_PASSWORD), Keys.CLIENT_CERTIFICATE_PASSWORD)
            : null;
    if (hasPassword && password == null) {
      return null;
    }
    Certificate certificate = new Certificate(file, password);
    checked
        .computeIfAbsent(certificate, c -> check.problem(c.file(), c.password()))
        .ifPresent(words -> in.conflict(words, Keys.CLIENT_CERTIFICATE));
    return certificate;
  }

  /** A password further out than the certificate was meant for another one. */
  private static boolean isPasswordOf(Layers in) {
    return in.depth(Keys.CLIENT_CERTIFICATE_PASSWORD) <= in.depth(Keys.CLIENT_CERTIFICATE);
  }

  private @Nullable Secret secret(Fields fields, Key<Reference> key) {
    Reference reference = fields.value(key);
    if (reference == null || references == References.LEAVE) {
      return null;
    }
    try {
      return secrets.resolve(reference);
    } catch (Mistake e) {
      fields.problems().add(fields.path(key.name()), e);
      return null;
    }
  }
}
