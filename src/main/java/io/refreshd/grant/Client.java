package io.refreshd.grant;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The application that the grant was given to.
 *
 * @param id the client (application) id
 * @param credentials how it proves itself, the preferred first; never empty
 * @param isShared whether other configured grants of this client, at the same authority, prove it
 *     by other credentials: what is told of one of these says nothing of the others
 */
public record Client(String id, List<Credential> credentials, boolean isShared) {

  public Client {
    credentials = List.copyOf(credentials);
    if (credentials.isEmpty()) {
      throw new IllegalArgumentException(id + ": a client without even the lack of a credential");
    }
  }

  /** A client whose grants all prove it alike. */
  public Client(String id, List<Credential> credentials) {
    this(id, credentials, false);
  }

  /** The same with one credential. */
  public Client(String id, Credential credential) {
    this(id, List.of(credential));
  }

  /** The preferred credential. */
  public Credential credential() {
    return credentials.get(0);
  }

  /** How a client proves itself to the token endpoint. */
  public sealed interface Credential {

    /** When it ends; {@code null} if nobody knows, or it does not end. */
    default @Nullable Instant expiresAt() {
      return null;
    }
  }

  /** A public client: sends none (Entra refuses one with AADSTS700025). */
  public record NoCredential() implements Credential {}

  /**
   * A secret or certificate that was not looked at, because the configuration was read by somebody
   * who only looks on. Nothing can be redeemed by it.
   *
   * @param place where it would be read from, as the configuration says; tells it from others
   * @param expiresAt its end, as the administrator wrote it down; {@code null} if nobody did
   */
  public record Unread(String place, @Nullable Instant expiresAt) implements Credential {}

  /**
   * A client secret.
   *
   * @param expiresAt its end, as the administrator wrote it down; {@code null} if nobody did
   */
  public record ClientSecret(Secret secret, @Nullable Instant expiresAt) implements Credential {

    /** A secret whose end nobody wrote down. */
    public ClientSecret(Secret secret) {
      this(secret, null);
    }
  }

  /**
   * A certificate with its private key.
   *
   * @param file PEM (PKCS#8 key and certificate chain), or PFX/PKCS#12 by its ending
   * @param password of a PFX file; {@code null} if it has none
   * @param thumbprint SHA-256 of the certificate as hex, so that a replaced file is another
   *     credential; {@code null} if it could not be read
   * @param expiresAt its {@code notAfter}; {@code null} likewise
   */
  public record Certificate(
      Path file,
      @Nullable Secret password,
      @Nullable String thumbprint,
      @Nullable Instant expiresAt)
      implements Credential {

    /** A certificate that nobody has looked into. */
    public Certificate(Path file, @Nullable Secret password) {
      this(file, password, null, null);
    }
  }
}
