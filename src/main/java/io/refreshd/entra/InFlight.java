package io.refreshd.entra;

import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.jspecify.annotations.Nullable;

/** One exchange on its way, so that others can end it. */
final class InFlight {

  /** Where a connection finds the exchange that it carries. */
  static final String ATTRIBUTE = "refreshd.in-flight";

  private final HttpPost post;
  private final long deadline;
  private final BooleanSupplier isTooLate;
  private volatile boolean carried;
  private volatile @Nullable String givenUp;

  /**
   * @param deadline by {@link System#nanoTime()}
   * @param isTooLate whether nothing may be sent any more
   */
  InFlight(HttpPost post, long deadline, BooleanSupplier isTooLate) {
    this.post = post;
    this.deadline = deadline;
    this.isTooLate = isTooLate;
  }

  HttpPost post() {
    return post;
  }

  /** Nanoseconds left; negative when overdue. */
  long left() {
    return deadline - System.nanoTime();
  }

  boolean isOverdue() {
    return left() <= 0;
  }

  /**
   * The first byte is about to be written.
   *
   * @throws TooLate if it may not be any more
   */
  void carry() throws TooLate {
    if (isTooLate.getAsBoolean()) {
      throw new TooLate();
    }
    carried = true;
  }

  boolean isCarried() {
    return carried;
  }

  /** Ends the exchange at once, from any thread, whatever it waits for. */
  void giveUp(String why) {
    givenUp = why;
    post.cancel();
  }

  /** Closes the connection at once: else the rest of the answer would be read before it is kept. */
  void drop() {
    post.cancel();
  }

  /** Why somebody ended it; {@code null} if nobody did. */
  @Nullable String givenUp() {
    return givenUp;
  }
}
