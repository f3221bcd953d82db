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

  /** Of what has passed, the end must have moved by at least this share to count as moved. */
  private static final int MOVED_SHARES = 10;

  /** Whole seconds and slow answers tell nothing of an end within less. */
  private static final Duration TELLING = Duration.ofSeconds(10);

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
    Duration assumed = Lessons.lifetime(grant, learned);
    Duration said = said(redeemed);
    Instant expiresAt = issuedAt.plus(said == null ? assumed : said);
    Instant end = presented.expiresAt();
    return said != null && end != null && isSameEnd(presented, end, assumed, issuedAt, expiresAt)
        ? new Generation(
            number,
            redeemed.successor(),
            presented.issuedAt(),
            expiresAt.isBefore(end) ? expiresAt : end)
        : new Generation(number, redeemed.successor(), issuedAt, expiresAt);
  }

  /**
   * Whether the server said before, and says again, when a session ends that no rotation extends.
   * Then its clock goes on, else it would look fresh until it is over. The end of before stays, so
   * that one which moves a little each time has moved in the end.
   *
   * @param end of the presented one
   * @param assumed the life of one of which no answer said anything
   */
  private static boolean isSameEnd(
      Generation presented, Instant end, Duration assumed, Instant now, Instant saidEnd) {
    Instant since = presented.issuedAt();
    if (since == null || !now.isBefore(end) || assumed.equals(Duration.between(since, end))) {
      return false;
    }
    Duration passed = Duration.between(since, now);
    // back as well: then the server's settings have changed, and the next answer tells
    Duration moved = Duration.between(end, saidEnd).abs();
    return passed.compareTo(TELLING) >= 0 && moved.compareTo(passed.dividedBy(MOVED_SHARES)) < 0;
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
