package io.refreshd.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The inside of a {@link MeasuredProcess} in Java. Grants come in an order that leaps about, as due
 * grants do: neighbours in time are no neighbours in the store.
 */
final class RoundServer {

  /** A prime: all grants come before one comes again. */
  private static final long LEAP = 611_953;

  private final int grants;
  private final Rotation rotation;
  private final AtomicLong next = new AtomicLong();

  private RoundServer(int grants, Rotation rotation) {
    this.grants = grants;
    this.rotation = rotation;
  }

  /** How many come before this one. */
  static int turn(int number, int grants) {
    BigInteger size = BigInteger.valueOf(grants);
    return BigInteger.valueOf(LEAP)
        .modInverse(size)
        .multiply(BigInteger.valueOf(number))
        .mod(size)
        .intValueExact();
  }

  /** Rotates one grant. */
  @FunctionalInterface
  interface Rotation {
    void rotate(int grant) throws Exception;

    /**
     * Rotates one grant after the other, as one of the threads.
     *
     * @param next which grant comes next; empty if none does
     * @return how many
     */
    default long rotate(Supplier<OptionalInt> next) throws Exception {
      long count = 0;
      for (OptionalInt one = next.get(); one.isPresent(); one = next.get()) {
        rotate(one.getAsInt());
        count++;
      }
      return count;
    }
  }

  /** What says what it rotates, ready to. */
  @FunctionalInterface
  interface Preparation {
    Rotation prepare() throws Exception;
  }

  /** Prepares, then obeys until nobody gives orders any more. */
  static void serve(int grants, Preparation preparation) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err);
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
    RoundServer server = new RoundServer(grants, preparation.prepare());
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    answers.println("ready");
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] words = order.split(" ", 2);
      answers.println(server.round(Integer.parseInt(words[0]), Long.parseLong(words[1])));
    }
    System.exit(0);
  }

  private long round(int inFlight, long millis) throws Exception {
    long end = System.nanoTime() + millis * 1_000_000;
    ExecutorService pool = Executors.newFixedThreadPool(inFlight);
    try {
      List<Future<Long>> all = new ArrayList<>();
      for (int i = 0; i < inFlight; i++) {
        all.add(pool.submit(() -> rotation.rotate(() -> nextUntil(end))));
      }
      long count = 0;
      for (Future<Long> one : all) {
        count += one.get();
      }
      return count;
    } finally {
      pool.shutdown();
    }
  }

  private OptionalInt nextUntil(long end) {
    return System.nanoTime() < end
        ? OptionalInt.of((int) (next.getAndIncrement() * LEAP % grants))
        : OptionalInt.empty();
  }

  /** What a rotation throws that was none. */
  static IOException unexpected(@Nullable Object what) {
    return new IOException("not rotated: " + what);
  }
}
