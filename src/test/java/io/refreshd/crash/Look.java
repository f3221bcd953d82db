package io.refreshd.crash;

import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.StoredGrant;

/** What the store and the server have of a grant, and what they had before. */
record Look(StoredGrant stored, TokenServer.Chain chain, Seen before) {

  /**
   * How a grant was found at the last look.
   *
   * @param generation current in the store
   * @param redemptions by the server's count
   * @param requests likewise
   * @param lost how many answers in a row were lost since the current generation came
   */
  record Seen(int generation, int redemptions, int requests, int lost) {

    static final Seen NOTHING = new Seen(0, 0, 0, 0);
  }

  int generations() {
    return stored.current().number() - before.generation();
  }

  int redemptions() {
    return chain.redemptions() - before.redemptions();
  }

  int presentations() {
    return chain.requests() - before.requests();
  }

  /** A life loses at its end, so what came before it counts if it brought nothing. */
  private int lost() {
    int now = redemptions() - generations();
    return generations() > 0 ? now : before.lost() + now;
  }

  Seen seen() {
    return new Seen(stored.current().number(), chain.redemptions(), chain.requests(), lost());
  }

  boolean needsConsent() {
    GrantRecord record = stored.record();
    return record.unanswered() || record.standing().kind() == RefusalKind.LOST_ANSWER;
  }

  /** The newest or the previous; after more lost answers in a row the next redemption tells. */
  boolean isAlive() {
    String token = stored.current().token().reveal();
    boolean isIssued =
        switch (lost()) {
          case 0 -> token.equals(chain.newest());
          case 1 -> token.equals(chain.previous());
          default -> true;
        };
    return isIssued && stored.record().standing().kind() != RefusalKind.DEAD;
  }
}
