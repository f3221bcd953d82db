package io.refreshd.crash;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The place where this process asks to be killed: it says so on its standard output, and waits. */
final class Failpoint {

  /** Before every line that is meant for the one who kills. */
  static final String MARK = "crash: ";

  private final Step step;
  private final AtomicInteger left;

  /**
   * A place to be killed at.
   *
   * @param nth the how-manieth time that the step is reached
   */
  Failpoint(Step step, int nth) {
    this.step = step;
    this.left = new AtomicInteger(nth);
  }

  static void say(String words) {
    System.out.println(MARK + words);
    System.out.flush();
  }

  /** A step is reached with a grant. Where this is the place, it does not return. */
  void reach(Step reached, Object grant) {
    if (reached == step && left.decrementAndGet() == 0) {
      say("reached " + grant);
      if (step.isHeld()) {
        waitForTheEnd();
      }
    }
  }

  private static void waitForTheEnd() {
    while (true) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        // nothing but the kill ends this process
      }
    }
  }
}
