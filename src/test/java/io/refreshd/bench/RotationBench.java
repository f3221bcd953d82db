package io.refreshd.bench;

import com.sun.management.OperatingSystemMXBean;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.grant.Cadence;
import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.grant.Secret;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.Trigger;
import io.refreshd.store.OpenStore;
import io.refreshd.store.SqliteLocation;
import io.refreshd.store.TokenStores;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Rotations per second and CPU per rotation of the whole path (lease, read, redeem, parse, seal,
 * commit) against an endpoint in another process, and as its measure in the same run plain loops:
 * the same HTTP client, one durable SQLite transaction per rotation, one thread, nothing else; one
 * as SQLite is by default, one with a write-ahead log. Look at the ratios: the figures are the
 * machine's, and how much group commit wins hangs on how long its disk takes to sync.
 *
 * <pre>
 * mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
 * java -cp target/test-classes:target/classes:$(cat target/test-classpath) io.refreshd.bench.RotationBench
 * </pre>
 *
 * Arguments: rotations per round (2000), rounds (5), latency of the endpoint in ms (0).
 */
public final class RotationBench {

  private static final int GRANTS = 64;

  /** Rounds until the compilers of the JVM have settled: a daemon runs for months. */
  private static final int WARM_UP = 12;

  private final Path folder;
  private final URI endpoint;
  private final int rotations;
  private final int latencyMillis;

  private RotationBench(Path folder, URI endpoint, int rotations, int latencyMillis) {
    this.folder = folder;
    this.endpoint = endpoint;
    this.rotations = rotations;
    this.latencyMillis = latencyMillis;
  }

  /** A round: rotations per second of wall time, and CPU milliseconds of this process for each. */
  private record Figures(double perSecond, double cpuMillis) {}

  public static void main(String[] args) throws Exception {
    int rotations = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    int latencyMillis = args.length > 2 ? Integer.parseInt(args[2]) : 0;
    Path folder = Files.createTempDirectory("refreshd-rotation-bench-");
    try (LoopbackEndpoint endpoint = LoopbackEndpoint.start(null, latencyMillis)) {
      new RotationBench(folder, endpoint.base(), rotations, latencyMillis).run(rounds);
    }
  }

  private void run(int rounds) throws Exception {
    List<Figures> plain = new ArrayList<>();
    List<Figures> plainWal = new ArrayList<>();
    List<Long> commits = new ArrayList<>();
    List<Figures> one = new ArrayList<>();
    List<Figures> sixteen = new ArrayList<>();
    try (PlainLoop loop = new PlainLoop(folder.resolve("plain.db"), endpoint, "DELETE");
        PlainLoop wal = new PlainLoop(folder.resolve("plain-wal.db"), endpoint, "WAL");
        Whole whole = new Whole(folder.resolve("whole.db"))) {
      for (int round = -WARM_UP; round < rounds; round++) {
        Figures a = measured(() -> loop.rotate(rotations));
        Figures w = measured(() -> wal.rotate(rotations));
        Figures b = measured(() -> whole.rotate(1, rotations));
        Figures c = measured(() -> whole.rotate(16, rotations));
        if (round >= 0) {
          plain.add(a);
          plainWal.add(w);
          commits.add(wal.commitMicros());
          one.add(b);
          sixteen.add(c);
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d rounds of %d rotations, http, endpoint latency %d ms, %d processors, JDK %s; medians%n"
            + "a durable commit of the plain loop in WAL mode: %.0f microseconds%n%n",
        rounds,
        rotations,
        latencyMillis,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        median(commits.stream().mapToDouble(Long::doubleValue).toArray()));
    System.out.printf(
        "%-36s %12s %8s %10s %10s%n", "", "rotations/s", "cpu ms", "to plain", "to WAL");
    print("plain loop, SQLite's defaults", plain, plain, plainWal);
    print("plain loop, WAL", plainWal, plain, plainWal);
    print("refreshd, 1 in flight", one, plain, plainWal);
    print("refreshd, 16 in flight", sixteen, plain, plainWal);
  }

  private static void print(
      String name, List<Figures> figures, List<Figures> plain, List<Figures> plainWal) {
    System.out.printf(
        Locale.ROOT,
        "%-36s %12.0f %8.3f %10.2f %10.2f%n",
        name,
        median(figures.stream().mapToDouble(Figures::perSecond).toArray()),
        median(figures.stream().mapToDouble(Figures::cpuMillis).toArray()),
        ratio(figures, plain),
        ratio(figures, plainWal));
  }

  /** Round by round, so that a machine whose speed drifts does not move it. */
  private static double ratio(List<Figures> figures, List<Figures> reference) {
    return median(
        IntStream.range(0, figures.size())
            .mapToDouble(i -> figures.get(i).perSecond() / reference.get(i).perSecond())
            .toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private Figures measured(Callable<?> round) throws Exception {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    round.call();
    double seconds = (System.nanoTime() - wall) / 1e9;
    double cpuMillis = (system.getProcessCpuTime() - cpu) / 1e6;
    return new Figures(rotations / seconds, cpuMillis / rotations);
  }

  /** The program's own parts, put together as the daemon does. */
  private final class Whole implements AutoCloseable {
    private final Clock clock = Clock.systemUTC();
    private final OpenStore store;
    private final EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock);
    private final Rotator rotator;
    private final List<Grant> grants;

    Whole(Path file) {
      store =
          TokenStores.openToWrite(
              new SqliteLocation(file, file.resolveSibling("whole.key")), "bench", 16, clock);
      RotationPolicy policy = new RotationPolicy((cron, after) -> Instant.MAX);
      rotator = new Rotator(store, redeemer, policy, (entry, kept) -> {}, clock);
      grants = IntStream.range(0, GRANTS).mapToObj(this::grant).toList();
      Instant known = clock.instant();
      for (Grant grant : grants) {
        RefreshToken first = RefreshToken.of("1.first-token-of-" + grant.name().name());
        expectRotated(rotator.bringIn(grant, new Import(first, known, null, true, false)));
      }
    }

    Void rotate(int threads, int count) throws Exception {
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      try {
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
          int first = thread;
          running.add(
              pool.submit(
                  () -> {
                    for (int i = first; i < count; i += threads) {
                      expectRotated(rotator.rotate(grants.get(i % GRANTS), Trigger.MANUAL));
                    }
                  }));
        }
        for (Future<?> one : running) {
          one.get();
        }
      } finally {
        pool.shutdown();
      }
      return null;
    }

    private void expectRotated(Outcome outcome) {
      if (!(outcome instanceof Outcome.Rotated)) {
        throw new IllegalStateException("not rotated: " + outcome);
      }
    }

    private Grant grant(int number) {
      return new Grant(
          new GrantName("bench", "grant-" + number),
          new TokenEndpoint.V2(
              endpoint,
              "11111111-2222-3333-4444-555555555555",
              List.of("https://api.partnercenter.microsoft.com/user_impersonation")),
          new Client(
              "66666666-7777-8888-9999-000000000000",
              new Client.ClientSecret(Secret.of("bench-client-secret"))),
          RefreshTokens.REUSABLE,
          new Cadence.Every(Duration.ofDays(7)),
          Duration.ofDays(90),
          null,
          null);
    }

    @Override
    public void close() {
      redeemer.close();
      store.close();
    }
  }
}
