package io.refreshd.rotation;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.rotation.Redemption.Redeemed;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Makes the generation of what a redemption brought: when it was issued, and when it ends. Pure.
 */
final class Successors {

  private static final Duration A_CENTURY = Duration.ofDays(36_525);

  private Successors() {}

  /**
   * The next generation.
   *
   * @param presented the one that was presented for it
   */
  static Generation of(
      Grant grant, Learned learned, Generation presented, int number, Redeemed redeemed) {
    if (isSame(presented, redeemed)) {
      return new Generation(
          number, redeemed.successor(), presented.issuedAt(), presented.expiresAt());
    }
    Instant issuedAt = redeemed.exchange().sentAt();
    Duration said = said(redeemed);
    Duration lifetime = said == null ? Lessons.lifetime(grant, learned) : said;
    return new Generation(number, redeemed.successor(), issuedAt, issuedAt.plus(lifetime));
  }

  /**
   * Whether the answer gave back what was presented, and nothing says that it lives longer for
   * that: some servers do so until it expires, and only the last redemption fails. If one is still
   * good after its end, its server does let it live longer.
   */
  static boolean isSame(Generation presented, Redeemed redeemed) {
    Instant end = presented.expiresAt();
    return presented.issuedAt() != null
        && end != null
        && redeemed.exchange().sentAt().isBefore(end)
        && said(redeemed) == null
        && redeemed.successor().equals(presented.token());
  }

  /** What the answer says; nonsense is not believed, and must not cost the successor. */
  private static @Nullable Duration said(Redeemed redeemed) {
    Duration said = redeemed.lifetime();
    return said == null || said.compareTo(Duration.ZERO) <= 0 || said.compareTo(A_CENTURY) > 0
        ? null
        : said;
  }
}
