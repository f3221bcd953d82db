package io.refreshd.bench;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LogProof;
import io.refreshd.rotation.Trigger;
import io.refreshd.store.OpenStore;
import io.refreshd.store.SqliteLocation;
import io.refreshd.store.TokenStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * How long the proof of a long rotation log takes. The log is written by the store itself; 200
 * threads write, so that many entries share one transaction.
 *
 * <pre>
 * mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
 * java -cp target/test-classes:target/classes:$(cat target/test-classpath) io.refreshd.bench.LogVerifyBench 1000000
 * </pre>
 *
 * Arguments: entries (1,000,000), folder (a new one, removed at the end; one that is given is kept,
 * and read again by the next run).
 */
public final class LogVerifyBench {

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final int THREADS = 200;

  private LogVerifyBench() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int entries = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    Path folder = args.length > 1 ? Path.of(args[1]) : Files.createTempDirectory("log-verify");
    SqliteLocation location =
        new SqliteLocation(folder.resolve("refreshd.db"), folder.resolve("refreshd.key"));
    if (!Files.exists(location.file())) {
      write(location, entries);
    }
    for (int round = 1; round <= 3; round++) {
      verify(location, round);
    }
    if (args.length < 2) {
      remove(folder);
    }
  }

  private static void write(SqliteLocation location, int entries) throws InterruptedException {
    long before = System.nanoTime();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (OpenStore store = TokenStores.openToWrite(location, "bench", 1, Clock.systemUTC())) {
      for (int n = 0; n < entries; n++) {
        Entry entry = entry(n);
        threads.execute(() -> store.append(entry));
      }
      threads.shutdown();
      if (!threads.awaitTermination(1, TimeUnit.HOURS)) {
        throw new IllegalStateException("the log is not written in an hour");
      }
    }
    System.out.printf(Locale.ROOT, "written in %.1f s%n", seconds(before));
  }

  private static void verify(SqliteLocation location, int round) throws IOException {
    long before = System.nanoTime();
    LogProof proof;
    try (OpenStore store = TokenStores.openToRead(location, Clock.systemUTC())) {
      proof = store.verifyLog();
    }
    double seconds = seconds(before);
    System.out.printf(
        Locale.ROOT,
        "round %d: %,d entries, %d MiB, %s in %.2f s: %,.0f entries/s%n",
        round,
        proof.entries(),
        Files.size(location.file()) >> 20,
        proof.isProven() ? "proven" : "broken: " + proof.faults(),
        seconds,
        proof.entries() / seconds);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static Entry entry(int n) {
    Instant at = START.plusSeconds(n);
    return new Entry(
        at,
        new GrantName("market-" + n % 1000, "live"),
        Event.ROTATED,
        Trigger.SCHEDULE,
        n / 1000 + 1,
        at,
        at.plus(Duration.ofDays(90)),
        Duration.ofMillis(123),
        200,
        null,
        "11111111-2222-3333-4444-555555555555",
        "66666666-7777-8888-9999-000000000000",
        "aud https://api.partnercenter.microsoft.com",
        "sha256:0123456789ab");
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
