package io.refreshd.entra;

import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.jspecify.annotations.Nullable;

/** One exchange on its way, so that others can end it. */
final class InFlight {

  /** Where a connection finds the exchange that it carries. */
  static final String ATTRIBUTE = "refreshd.in-flight";

  private final HttpPost post;
  private final long deadline;
  private volatile boolean carried;
  private volatile @Nullable String givenUp;

  /**
   * @param deadline by {@link System#nanoTime()}
   */
  InFlight(HttpPost post, long deadline) {
    this.post = post;
    this.deadline = deadline;
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

  /** The first byte is about to be written. */
  void carry() {
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
