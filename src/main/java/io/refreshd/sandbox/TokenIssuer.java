package io.refreshd.sandbox;

import io.refreshd.grant.RefreshTokens;
import io.refreshd.sandbox.Ledger.Presented;
import io.refreshd.sandbox.Trouble.LostAnswer;
import io.refreshd.sandbox.Trouble.NoAnswer;
import io.refreshd.sandbox.Trouble.NoRefreshToken;
import io.refreshd.sandbox.Trouble.Outage;
import io.refreshd.sandbox.Trouble.Slow;
import io.refreshd.sandbox.Trouble.Throttled;
import io.refreshd.sandbox.Trouble.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests for tokens, in the order in which Entra looks at them. */
final class TokenIssuer {

  private static final Logger LOG = LoggerFactory.getLogger(TokenIssuer.class);
  private static final String GRANT_TYPE = "refresh_token";

  private final SandboxSettings settings;
  private final Clock clock;
  private final Ledger ledger;
  private final Troubles troubles;
  private final ClientAuthentication clients;
  private final GrantChecks grants;
  private final TokenAnswer tokens;

  TokenIssuer(SandboxSettings settings, Clock clock, Ledger ledger, Troubles troubles) {
    this.settings = settings;
    this.clock = clock;
    this.ledger = ledger;
    this.troubles = troubles;
    this.clients = new ClientAuthentication(ledger, clock);
    this.grants = new GrantChecks(settings.lifetime());
    this.tokens = new TokenAnswer(settings);
  }

  /** The answer. A chain counts the request as under way until it is about to be sent. */
  Answer answer(TokenRequest request) {
    Presented presented = request.find("refresh_token").flatMap(ledger::find).orElse(null);
    if (presented == null) {
      return answer(request, null, null);
    }
    Chain chain = presented.chain();
    chain.enter();
    try {
      return answer(request, presented, chain.user());
    } finally {
      chain.leave();
    }
  }

  private Answer answer(
      TokenRequest request, @Nullable Presented presented, @Nullable String user) {
    Troubles.Met met = troubles.met(request.find("client_id").orElse(null), user);
    met.find(Slow.class).ifPresent(slow -> pause(slow.delay()));
    try {
      Optional<Answer> gateway = gateway(met);
      if (gateway.isPresent()) {
        return gateway.get();
      }
      Answer answer = redeem(request, presented, met);
      return met.has(LostAnswer.class) ? Answer.NOTHING : answer;
    } catch (Refusal refusal) {
      LOG.info("sandbox: {}: refused, {}", user == null ? "no user" : user, refusal.code());
      return ErrorAnswer.of(request, refusal, clock.instant());
    }
  }

  /** What happens before anybody looks at the request. */
  private static Optional<Answer> gateway(Troubles.Met met) {
    if (met.has(NoAnswer.class)) {
      return Optional.of(Answer.NOTHING);
    }
    if (met.has(Outage.class)) {
      return Optional.of(Answer.outage());
    }
    if (met.has(Unavailable.class)) {
      throw Refusals.unavailable();
    }
    return met.find(Throttled.class).map(Throttled::retryAfter).map(Answer::throttled);
  }

  private Answer redeem(TokenRequest request, @Nullable Presented found, Troubles.Met met) {
    String type = request.get("grant_type");
    if (!type.equals(GRANT_TYPE)) {
      throw Refusals.unsupportedGrantType(type);
    }
    SandboxClient client = clients.client(request, met);
    Presented presented = grants.owned(request, client, found);
    Permission permission = Permission.of(request);
    grants.check(presented, permission, request.kind(), met, clock.instant());
    String successor = successor(request, presented, met);
    LOG.info("sandbox: {}: redeemed", presented.chain().user());
    return tokens.of(request, presented.chain(), permission, successor, clock.instant());
  }

  /** The next token; {@code null} if v2 was not asked for one, or by trouble. */
  private @Nullable String successor(TokenRequest request, Presented presented, Troubles.Met met) {
    boolean asked = request.kind() != Route.Kind.V2 || request.scopes().contains("offline_access");
    if (!asked || met.has(NoRefreshToken.class)) {
      return null;
    }
    boolean singleUse =
        request.kind() == Route.Kind.PLAIN && settings.plain() == RefreshTokens.SINGLE_USE;
    return ledger.redeem(presented, singleUse).orElseThrow(Refusals::spent);
  }

  private static void pause(Duration delay) {
    try {
      Thread.sleep(delay.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
