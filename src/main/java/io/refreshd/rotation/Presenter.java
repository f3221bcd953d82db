package io.refreshd.rotation;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Presents tokens to their server, under a lease, as often as an attempt allows for. */
final class Presenter {

  private final TokenRedeemer redeemer;
  private final Bookkeeping books;
  private final Clock clock;

  Presenter(TokenRedeemer redeemer, Bookkeeping books, Clock clock) {
    this.redeemer = redeemer;
    this.books = books;
    this.clock = clock;
  }

  /**
   * Presents the current generation; where a server lets tokens live on, a dead one is followed by
   * one try of the previous, if the lease lasts for it.
   *
   * @param current the grant's current generation
   * @return all presentations, in order; at least one
   */
  List<Presentation> present(
      Grant grant, StoredGrant stored, Generation current, Circuits circuits, Lease lease) {
    List<Presentation> tries = present(grant, stored.record(), current, circuits, lease);
    Presentation last = tries.get(tries.size() - 1);
    Refused refused = last.refusal();
    boolean fallsBack =
        refused != null && refused.kind() == RefusalKind.DEAD && !grant.isSingleUse();
    Generation previous = fallsBack ? stored.previous() : null;
    // to read it may have taken its time
    if (previous != null && isTimeLeft(lease)) {
      tries.add(present(last.by(), stored.record(), previous, lease));
    }
    return tries;
  }

  /**
   * Presents a generation, by the next of the client's secrets if one of them is refused.
   *
   * @param known what is known of the grant; {@code null} if it is a new one
   * @return all presentations, in order; at least one
   */
  List<Presentation> present(
      Grant grant,
      @Nullable GrantRecord known,
      Generation generation,
      Circuits circuits,
      Lease lease) {
    List<Presentation> tries = new ArrayList<>();
    for (Grant by : circuits.presentable(grant)) {
      Presentation one = present(by, known, generation, lease);
      tries.add(one);
      if (!one.isCredentialRefused() || !isTimeLeft(lease)) {
        break;
      }
    }
    return tries;
  }

  private Presentation present(
      Grant by, @Nullable GrantRecord known, Generation generation, Lease lease) {
    Redemption redemption = redeemer.redeem(by, generation.token(), lease.until());
    return new Presentation(by, generation, understood(by, known, redemption));
  }

  /** Whether one more exchange ends within the lease. */
  boolean isTimeLeft(Lease lease) {
    return clock.instant().plus(TokenRedeemer.EXCHANGE_LIMIT).isBefore(lease.until());
  }

  /** What an answer means for this grant, beyond what it says by itself. */
  private Redemption understood(Grant grant, @Nullable GrantRecord known, Redemption redemption) {
    if (redemption instanceof Redeemed redeemed) {
      Refused foreign = books.foreign(grant, known, redeemed);
      return foreign == null ? redeemed : foreign;
    }
    Refused refused = (Refused) redemption;
    return grant.isSingleUse() && refused.carried() && !refused.answered()
        ? books.lost(refused)
        : refused;
  }
}
