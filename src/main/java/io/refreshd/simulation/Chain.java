package io.refreshd.simulation;

import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokens of one grant as the endpoint knows them, by the world's clock. */
final class Chain {

  /** A token, good from its issue to its own end, however often it is presented. */
  private record Issued(RefreshToken token, Instant at, Instant end) {}

  private final Duration lifetime;
  private final List<Blockade> blockades;
  private final @Nullable Death fatal;
  private Issued newest;
  private @Nullable Issued older;

  private int issued = 1;
  private Duration oldest = Duration.ZERO;
  private Instant oldestAt;
  private Duration leastLeft;

  /**
   * A chain of one token.
   *
   * @param end of the first token; those after it live for {@code lifetime}
   * @param blockades when no token of it is redeemed, though it is good
   * @param fatal what ends the chain, if its tokens do not end before; {@code null} if nothing does
   */
  Chain(
      RefreshToken first,
      Instant issuedAt,
      Instant end,
      Duration lifetime,
      List<Blockade> blockades,
      @Nullable Death fatal) {
    this.newest = new Issued(first, issuedAt, end);
    this.lifetime = lifetime;
    this.blockades = blockades;
    this.fatal = fatal;
    this.oldestAt = issuedAt;
    this.leastLeft = Duration.between(issuedAt, end());
  }

  RefreshToken newest() {
    return newest.token();
  }

  /** How long a successor is good for. */
  Duration lifetime() {
    return lifetime;
  }

  /** How many tokens were issued. */
  int issued() {
    return issued;
  }

  /** What stands in the way now, whatever the token; {@code null} if nothing does. */
  @Nullable Blockade blockade(Instant now) {
    for (Blockade blockade : blockades) {
      if (blockade.stands(now)) {
        return blockade;
      }
    }
    return null;
  }

  /** Why that token is no good now; {@code null} if it is. */
  @Nullable Death death(RefreshToken token, Instant now) {
    if (fatal != null && !now.isBefore(fatal.at())) {
      return fatal;
    }
    Issued presented = older != null && older.token().equals(token) ? older : newest;
    return now.isBefore(presented.end()) ? null : expired(presented);
  }

  /** Issues a successor. */
  void succeed(RefreshToken token, Instant now) {
    measure(now);
    issued++;
    older = newest;
    newest = new Issued(token, now, now.plus(lifetime));
  }

  /** Takes down how old the newest token is, and how much life is left to the chain. */
  void measure(Instant now) {
    Instant end = end();
    Instant until = now.isBefore(end) ? now : end;
    Duration age = Duration.between(newest.at(), until);
    if (age.compareTo(oldest) > 0) {
      oldest = age;
      oldestAt = until;
    }
    Duration left = Duration.between(until, end);
    leastLeft = left.compareTo(leastLeft) < 0 ? left : leastLeft;
  }

  /** Its death, if it is dead by then. */
  @Nullable Death death(Instant now) {
    if (now.isBefore(end())) {
      return null;
    }
    return fatal != null && !newest.end().isBefore(fatal.at()) ? fatal : expired(newest);
  }

  Duration oldest() {
    return oldest;
  }

  Instant oldestAt() {
    return oldestAt;
  }

  Duration leastLeft() {
    return leastLeft;
  }

  private Instant end() {
    return fatal != null && fatal.at().isBefore(newest.end()) ? fatal.at() : newest.end();
  }

  /** The text of AADSTS700082; "inactive" counts from the issue, however often it was used. */
  private static Death expired(Issued issued) {
    Duration life = Duration.between(issued.at(), issued.end());
    return new Death(
        issued.end(),
        new Entry.Refusal(RefusalKind.DEAD, "invalid_grant", "700082", null),
        new Told(Told.Which.ISSUE, issued.at(), life, null),
        "AADSTS700082: The refresh token has expired due to inactivity. The token was issued on "
            + issued.at()
            + " and was inactive for "
            + TimeSpan.of(life)
            + ".");
  }
}
