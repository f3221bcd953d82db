package io.refreshd.daemon;

/**
 * A task that is called now and then, and leaves some calls out if it takes long: it is at work for
 * a tenth of the time at most, however many grants there are.
 */
final class Unhurried implements Runnable {

  private static final int REST = 9;

  private final Runnable task;
  private long notBefore = System.nanoTime();

  Unhurried(Runnable task) {
    this.task = task;
  }

  @Override
  public void run() {
    long start = System.nanoTime();
    if (start - notBefore < 0) {
      return;
    }
    try {
      task.run();
    } finally {
      long end = System.nanoTime();
      notBefore = end + REST * (end - start);
    }
  }
}
