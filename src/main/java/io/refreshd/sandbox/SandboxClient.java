package io.refreshd.sandbox;

import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * An application registered in a tenant. With neither secret nor key it is a public client.
 *
 * @param tenant the directory's id, or {@link Sandbox#PLAIN}
 * @param id the client id
 * @param secret the client secret; {@code null} if it has none
 * @param key of the certificate that it signs with; {@code null} if it has none
 */
public record SandboxClient(
    String tenant, String id, @Nullable String secret, @Nullable PublicKey key) {

  /** A client that proves nothing, and must not try to. */
  public static SandboxClient open(String tenant, String id) {
    return new SandboxClient(tenant, id, null, null);
  }

  /** A client with a secret. */
  public static SandboxClient withSecret(String tenant, String id, String secret) {
    return new SandboxClient(tenant, id, secret, null);
  }

  /** A client with a certificate. */
  public static SandboxClient withKey(String tenant, String id, PublicKey key) {
    return new SandboxClient(tenant, id, null, key);
  }

  boolean isPublic() {
    return secret == null && key == null;
  }

  @Override
  public String toString() {
    return id + " in " + tenant;
  }
}
