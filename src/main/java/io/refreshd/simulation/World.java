package io.refreshd.simulation;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.Identity;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Exchange;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.TokenRedeemer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The token endpoint of a scenario. It issues as Entra does: a token is good until its own end, and
 * each redemption brings a new one. A request takes no time.
 */
final class World implements TokenRedeemer {

  private final Scenario scenario;
  private final VirtualClock clock;
  private final Rates.Counter redemptions;
  private final List<Incident.Outage> outages;
  private final Fatalities fatalities;
  private final Map<GrantName, Chain> chains = new HashMap<>();

  /** The nth token of every chain is the same one, for chains are never mixed up. */
  private final List<RefreshToken> tokens = new ArrayList<>();

  World(Scenario scenario, VirtualClock clock, Rates.Counter redemptions) {
    this.scenario = scenario;
    this.clock = clock;
    this.redemptions = redemptions;
    this.outages = scenario.all(Incident.Outage.class).toList();
    this.fatalities = new Fatalities(scenario);
  }

  /** Takes a grant in. What nobody knows of it began with the play. */
  Chain enter(Member member) {
    Grant grant = member.grant();
    GrantRecord record = member.record();
    Instant issuedAt = orStart(record == null ? null : record.issuedAt());
    Instant expiresAt = record == null ? null : record.expiresAt();
    Instant signedInAt = orStart(record == null ? null : record.signedInAt());
    Duration lifetime = lifetime(grant, record);
    Chain chain =
        new Chain(
            token(0),
            issuedAt,
            expiresAt == null ? issuedAt.plus(lifetime) : expiresAt,
            lifetime,
            Blockade.of(member, scenario),
            fatalities.first(member, signedInAt));
    chains.put(grant.name(), chain);
    return chain;
  }

  /**
   * How long its next tokens live: the shortest that is known. What the store knows may be what the
   * endpoint said, or what was configured when the newest was issued, and is no more.
   */
  private static Duration lifetime(Grant grant, @Nullable GrantRecord record) {
    if (record == null) {
      return grant.lifetime();
    }
    Learned.Lesson lesson = record.learned().issue();
    Duration taught = lesson == null ? null : lesson.limit();
    Instant from = record.issuedAt();
    Instant to = record.expiresAt();
    Duration newest = from == null || to == null ? null : Duration.between(from, to);
    return shorter(shorter(grant.lifetime(), taught), newest);
  }

  private static Duration shorter(Duration one, @Nullable Duration other) {
    if (other == null || other.isNegative() || other.isZero()) {
      return one;
    }
    return other.compareTo(one) < 0 ? other : one;
  }

  /** The client is looked at before the token is. */
  @Override
  public Redemption redeem(Grant grant, RefreshToken token) {
    Instant now = clock.world();
    redemptions.count(now);
    if (isDown(now)) {
      return Blockade.unreachable(exchange(null));
    }
    Chain chain = chain(grant.name());
    Blockade blockade = chain.blockade(now);
    if (blockade != null) {
      return blockade.answer(exchange(401));
    }
    Death death = chain.death(token, now);
    if (death != null) {
      return death.answer(exchange(400));
    }
    RefreshToken successor = token(chain.issued());
    chain.succeed(successor, now);
    return new Redeemed(successor, chain.lifetime(), Identity.UNKNOWN, null, exchange(200));
  }

  private boolean isDown(Instant now) {
    for (Incident.Outage outage : outages) {
      if (!now.isBefore(outage.from()) && now.isBefore(outage.to())) {
        return true;
      }
    }
    return false;
  }

  private Exchange exchange(@Nullable Integer status) {
    Instant server = status == null ? null : clock.world();
    return new Exchange(clock.instant(), Duration.ZERO, status, null, null, server);
  }

  private Chain chain(GrantName grant) {
    Chain chain = chains.get(grant);
    if (chain == null) {
      throw new IllegalStateException(grant + " takes no part in this play");
    }
    return chain;
  }

  private Instant orStart(@Nullable Instant instant) {
    return instant == null ? scenario.start() : instant;
  }

  private RefreshToken token(int nth) {
    while (tokens.size() <= nth) {
      tokens.add(RefreshToken.of("simulated-" + tokens.size()));
    }
    return tokens.get(nth);
  }
}
