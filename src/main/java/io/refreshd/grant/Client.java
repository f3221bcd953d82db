package io.refreshd.grant;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The application that the grant was given to.
 *
 * @param id the client (application) id
 * @param credential how it proves itself
 */
public record Client(String id, Credential credential) {

  /** How a client proves itself to the token endpoint. */
  public sealed interface Credential {}

  /** A public client: sends none (Entra refuses one with AADSTS700025). */
  public record NoCredential() implements Credential {}

  /** A client secret. */
  public record ClientSecret(Secret secret) implements Credential {}

  /**
   * A certificate with its private key.
   *
   * @param file PEM (PKCS#8 key and certificate chain), or PFX/PKCS#12 by its ending
   * @param password of a PFX file; {@code null} if it has none
   */
  public record Certificate(Path file, @Nullable Secret password) implements Credential {}
}
