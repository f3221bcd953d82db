package io.refreshd.rotation;

import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Client.Credential;
import io.refreshd.grant.Grant;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.grant.TokenEndpoint.V1;
import io.refreshd.grant.TokenEndpoint.V2;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The keys of the circuits that a grant can stand behind: {@code reach:whom:what}. The first hash
 * is of whom the refusal spoke, the second of what was wrong with them: when the configuration
 * changes that, the key is another one, and the grant is free.
 */
final class CircuitKeys {

  private static final int KEPT_BYTES = 8;

  private CircuitKeys() {}

  /** The key of a grant's circuit of that reach; of its preferred credential, where that counts. */
  static String of(Grant grant, Reach reach) {
    return prefix(grant, reach)
        + switch (reach) {
          case GRANT -> hash(grant.endpoint(), grant.client().id(), proofs(grant));
          case CREDENTIAL -> hash(proof(grant.client().credential()));
          case APPLICATION, RATE -> "";
        };
  }

  /** Whether keys of that reach hang on the client's credentials. */
  static boolean isOfCredential(Reach reach) {
    return reach == Reach.GRANT || reach == Reach.CREDENTIAL;
  }

  /** What the keys of that reach begin with, whatever else the configuration says. */
  static String prefix(Grant grant, Reach reach) {
    String client = grant.client().id();
    return reach.word()
        + ":"
        + switch (reach) {
          case GRANT -> hash(grant.name());
          case APPLICATION -> hash(directory(grant.endpoint()), client);
          case CREDENTIAL, RATE -> hash(authority(grant.endpoint()), client);
        }
        + ":";
  }

  /** Whom a client proves itself to; the URL itself, where there is no authority above it. */
  static String authority(TokenEndpoint endpoint) {
    return endpoint.base().toString();
  }

  private static String directory(TokenEndpoint endpoint) {
    String tenant =
        endpoint instanceof V2 v2 ? v2.tenantId() : endpoint instanceof V1 v1 ? v1.tenantId() : "";
    return authority(endpoint) + " " + tenant;
  }

  private static String proofs(Grant grant) {
    return grant.client().credentials().stream().map(CircuitKeys::proof).toList().toString();
  }

  private static String proof(Credential credential) {
    if (credential instanceof ClientSecret secret) {
      return "secret " + secret.secret().mark();
    }
    return credential instanceof Certificate certificate
        ? "certificate " + certificate.file() + " " + certificate.thumbprint()
        : "none";
  }

  private static String hash(Object... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Object part : parts) {
        digest.update(part.toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, KEPT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
