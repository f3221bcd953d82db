package io.refreshd.rotation;

import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Client.Credential;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A credential of a client and its end: application secrets and certificates have deadlines too.
 *
 * @param key its stable name, without a secret in it, see {@link CircuitKeys}
 * @param client the client's id
 * @param label what it is, for a person: {@code client secret}, {@code certificate FILE}
 * @param expiresAt its end; {@code null} if nobody knows
 * @param grants whose client proves itself by it
 */
public record CredentialStatus(
    String key, String client, String label, @Nullable Instant expiresAt, List<GrantName> grants) {

  public CredentialStatus {
    grants = List.copyOf(grants);
  }

  /** The credentials of these grants whose end is known, each once. */
  public static List<CredentialStatus> of(Collection<Grant> grants) {
    Map<String, CredentialStatus> first = new LinkedHashMap<>();
    Map<String, List<GrantName>> users = new LinkedHashMap<>();
    for (Grant grant : grants) {
      for (Credential credential : grant.client().credentials()) {
        if (expiresAt(credential) != null) {
          String key = CircuitKeys.of(grant.by(credential), Reach.CREDENTIAL);
          first.putIfAbsent(key, alone(key, grant, credential));
          users.computeIfAbsent(key, k -> new ArrayList<>()).add(grant.name());
        }
      }
    }
    return first.values().stream()
        .map(one -> one.usedBy(users.getOrDefault(one.key(), List.of())))
        .toList();
  }

  private static CredentialStatus alone(String key, Grant grant, Credential credential) {
    return new CredentialStatus(
        key, grant.client().id(), label(credential), expiresAt(credential), List.of());
  }

  private CredentialStatus usedBy(List<GrantName> users) {
    return new CredentialStatus(key, client, label, expiresAt, users);
  }

  private static @Nullable Instant expiresAt(Credential credential) {
    if (credential instanceof ClientSecret secret) {
      return secret.expiresAt();
    }
    return credential instanceof Certificate certificate ? certificate.expiresAt() : null;
  }

  private static String label(Credential credential) {
    return credential instanceof Certificate certificate
        ? "certificate " + certificate.file()
        : "client secret";
  }
}
