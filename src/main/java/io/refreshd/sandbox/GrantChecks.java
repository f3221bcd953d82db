package io.refreshd.sandbox;

import io.refreshd.sandbox.Ledger.Presented;
import io.refreshd.sandbox.Trouble.MfaRequired;
import io.refreshd.sandbox.Trouble.Revoked;
import io.refreshd.sandbox.Trouble.SignInFrequency;
import io.refreshd.sandbox.Trouble.UserDisabled;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether a token may be redeemed: is it one, is it this client's, does it live, may its user. */
final class GrantChecks {

  private final Duration lifetime;

  GrantChecks(Duration lifetime) {
    this.lifetime = lifetime;
  }

  /** The token that is presented, if it is one of this client. */
  Presented owned(TokenRequest request, SandboxClient client, @Nullable Presented presented) {
    if (!TokenSeal.isShaped(request.get("refresh_token"))) {
      throw Refusals.malformedToken();
    }
    if (presented == null || isPlain(presented.chain().client()) != isPlain(client)) {
      throw Refusals.unknownToken();
    }
    Chain chain = presented.chain();
    if (!chain.client().id().equals(client.id())) {
      throw Refusals.otherClient();
    }
    if (!chain.client().tenant().equals(client.tenant())) {
      throw Refusals.otherTenant(
          chain.user(), chain.client().tenant(), client.tenant(), client.id());
    }
    return presented;
  }

  /** Refuses a token that is too old, or whose user may not or must sign in anew. */
  void check(
      Presented presented, Permission asked, Route.Kind kind, Troubles.Met met, Instant now) {
    Instant issuedAt = presented.issuedAt();
    if (met.has(UserDisabled.class)) {
      throw Refusals.disabled();
    }
    Instant validFrom = met.find(Revoked.class).map(Revoked::validFrom).orElse(Instant.MIN);
    Instant signedInAt = presented.chain().signedInAt();
    if (issuedAt.isBefore(validFrom)) {
      throw Refusals.revoked(signedInAt, validFrom);
    }
    if (!now.isBefore(issuedAt.plus(lifetime))) {
      throw Refusals.expired(issuedAt, lifetime);
    }
    met.find(SignInFrequency.class)
        .filter(limit -> !now.isBefore(signedInAt.plus(limit.longest())))
        .ifPresent(
            limit -> {
              throw Refusals.signInTooOld(kind, signedInAt, limit.longest());
            });
    if (met.has(MfaRequired.class)) {
      throw Refusals.mfaRequired(kind, asked.resource());
    }
  }

  private static boolean isPlain(SandboxClient client) {
    return client.tenant().equals(Sandbox.PLAIN);
  }
}
