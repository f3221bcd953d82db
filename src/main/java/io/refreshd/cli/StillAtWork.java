package io.refreshd.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A line on a terminal that says what goes on while a command is silent, and for how long it has:
 * reading the configuration of a million grants takes as long as a hung database does. It comes
 * after two seconds, is drawn anew every second, and is wiped before anything else is printed.
 */
final class StillAtWork {

  private static final Duration QUIET = Duration.ofSeconds(2);
  private static final Duration REDRAWN = Duration.ofSeconds(1);

  private final PrintStream err;
  private final LongSupplier nanos;
  private @Nullable Stage stage;
  private int shown;

  /** What goes on. */
  private static final class Stage {
    private final String doing;
    private final long since;
    private String soFar = "";

    Stage(String doing, long since) {
      this.doing = doing;
      this.since = since;
    }
  }

  /**
   * A line that is not there yet.
   *
   * @param nanos a clock that only goes ahead, as {@link System#nanoTime} does
   */
  StillAtWork(PrintStream err, LongSupplier nanos) {
    this.err = err;
    this.nanos = nanos;
  }

  /**
   * Begins to tell of it.
   *
   * @param doing as in "reading the configuration"
   */
  synchronized void begin(String doing) {
    wipe();
    stage = new Stage(doing, nanos.getAsLong());
  }

  /** How far it has come, as in "2,000 entries". */
  synchronized void tell(String soFar) {
    if (stage != null) {
      stage.soFar = ", " + soFar;
    }
  }

  /** Draws the line, once it has taken long enough. */
  synchronized void draw() {
    Stage now = stage;
    if (now == null) {
      return;
    }
    Duration taken = Duration.ofNanos(nanos.getAsLong() - now.since);
    if (taken.compareTo(QUIET) >= 0) {
      String line = now.doing + now.soFar + ": " + Span.of(taken);
      err.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
      err.flush();
      shown = Math.max(shown, line.length());
    }
  }

  /** Takes the line away, so that something else can be printed. */
  synchronized void wipe() {
    if (shown > 0) {
      err.print("\r" + " ".repeat(shown) + "\r");
      err.flush();
      shown = 0;
    }
  }

  /** There is nothing to tell any more. */
  synchronized void end() {
    wipe();
    stage = null;
  }

  /** Has the line drawn from time to time, until that is cancelled. */
  Timer drawn() {
    Timer timer = new Timer("still-at-work", true);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            draw();
          }
        },
        QUIET.toMillis(),
        REDRAWN.toMillis());
    return timer;
  }
}
