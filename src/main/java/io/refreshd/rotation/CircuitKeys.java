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
 * The keys of the circuits that a grant can stand behind. A key is a hash of exactly what the
 * refusal spoke of: when the configuration changes that, the key is another one, and the grant is
 * free.
 */
public final class CircuitKeys {

  private static final int KEPT_BYTES = 16;

  private CircuitKeys() {}

  /** The key of a grant's circuit of that reach; of its preferred credential, where that counts. */
  public static String of(Grant grant, Reach reach) {
    String client = grant.client().id();
    return switch (reach) {
      case GRANT -> hashed(reach, grant.name(), grant.endpoint(), client, credentials(grant));
      case APPLICATION -> hashed(reach, directory(grant.endpoint()), client);
      case CREDENTIAL ->
          hashed(reach, authority(grant.endpoint()), client, proof(grant.client().credential()));
      case RATE -> hashed(reach, authority(grant.endpoint()), client);
    };
  }

  private static String credentials(Grant grant) {
    return grant.client().credentials().stream().map(CircuitKeys::proof).toList().toString();
  }

  private static String authority(TokenEndpoint endpoint) {
    if (endpoint instanceof V2 v2) {
      return v2.authority().toString();
    }
    return endpoint instanceof V1 v1 ? v1.authority().toString() : endpoint.uri().toString();
  }

  private static String directory(TokenEndpoint endpoint) {
    if (endpoint instanceof V2 v2) {
      return authority(endpoint) + " " + v2.tenantId();
    }
    return endpoint instanceof V1 v1
        ? authority(endpoint) + " " + v1.tenantId()
        : authority(endpoint);
  }

  private static String proof(Credential credential) {
    if (credential instanceof ClientSecret secret) {
      return "secret " + secret.secret().mark();
    }
    return credential instanceof Certificate certificate
        ? "certificate " + certificate.file() + " " + certificate.thumbprint()
        : "none";
  }

  private static String hashed(Reach reach, Object... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Object part : parts) {
        digest.update(part.toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return reach.word() + ":" + HexFormat.of().formatHex(digest.digest(), 0, KEPT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
