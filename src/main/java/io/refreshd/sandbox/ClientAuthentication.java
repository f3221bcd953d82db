package io.refreshd.sandbox;

import io.refreshd.sandbox.Trouble.SecretChanged;
import io.refreshd.sandbox.Trouble.SecretExpired;
import java.time.Clock;
import java.util.Optional;

/** Which client asks, and whether it proves that. */
final class ClientAuthentication {

  private final Ledger ledger;
  private final Clock clock;

  ClientAuthentication(Ledger ledger, Clock clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /** The client of the request, proven. */
  SandboxClient client(TokenRequest request, Troubles.Met met) {
    String tenant = request.route().tenant();
    if (!ledger.hasTenant(tenant)) {
      throw Refusals.unknownTenant(tenant);
    }
    String id = request.get("client_id");
    SandboxClient client =
        ledger.findClient(tenant, id).orElseThrow(() -> Refusals.unknownClient(id, tenant));
    Optional<String> secret = request.find("client_secret");
    Optional<String> assertion = request.find("client_assertion");
    if (client.isPublic()) {
      if (secret.isPresent() || assertion.isPresent()) {
        throw Refusals.clientIsPublic();
      }
    } else if (assertion.isPresent()) {
      ClientAssertion.verify(assertion.get(), client, clock.instant());
    } else {
      checkSecret(client, secret.orElseThrow(Refusals::noCredential), met);
    }
    return client;
  }

  private static void checkSecret(SandboxClient client, String sent, Troubles.Met met) {
    if (!sent.equals(client.secret()) || met.has(SecretChanged.class)) {
      throw Refusals.wrongSecret(client.id());
    }
    if (met.has(SecretExpired.class)) {
      throw Refusals.expiredSecret(client.id());
    }
  }
}
