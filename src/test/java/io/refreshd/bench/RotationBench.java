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
import io.refreshd.store.StoreLocation;
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
 * commit) against an endpoint in another process, and as its measure in the same run a plain loop:
 * the same HTTP client, one durable SQLite transaction per rotation, one thread, nothing else. Look
 * at the ratios: the figures are the machine's.
 *
 * <pre>
 * mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
 * java -cp target/test-classes:target/classes:$(cat target/test-classpath) io.refreshd.bench.RotationBench
 * </pre>
 *
 * Arguments: rotations per round (2000), rounds (5), folder for the stores (a temporary one).
 */
public final class RotationBench {

  private static final int GRANTS = 64;

  /** Rounds until the compilers of the JVM have settled: a daemon runs for months. */
  private static final int WARM_UP = 5;

  private final Path folder;
  private final URI endpoint;
  private final int rotations;

  private RotationBench(Path folder, URI endpoint, int rotations) {
    this.folder = folder;
    this.endpoint = endpoint;
    this.rotations = rotations;
  }

  /** A round: rotations per second of wall time, and CPU milliseconds of this process for each. */
  private record Figures(double perSecond, double cpuMillis) {}

  public static void main(String[] args) throws Exception {
    int rotations = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Path folder =
        args.length > 2 ? Path.of(args[2]) : Files.createTempDirectory("refreshd-rotation-bench-");
    try (LoopbackEndpoint endpoint = LoopbackEndpoint.start(null, 0)) {
      new RotationBench(folder, endpoint.base(), rotations).run(rounds);
    }
  }

  private void run(int rounds) throws Exception {
    List<Figures> plain = new ArrayList<>();
    List<Figures> one = new ArrayList<>();
    List<Figures> sixteen = new ArrayList<>();
    try (PlainLoop loop = new PlainLoop(folder.resolve("plain.db"), endpoint);
        Whole whole = new Whole(folder.resolve("whole.db"))) {
      for (int round = -WARM_UP; round < rounds; round++) {
        Figures a = measured(() -> loop.rotate(rotations));
        Figures b = measured(() -> whole.rotate(1, rotations));
        Figures c = measured(() -> whole.rotate(16, rotations));
        if (round >= 0) {
          plain.add(a);
          one.add(b);
          sixteen.add(c);
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d rounds of %d rotations, http, latency 0, %d processors, JDK %s; medians%n%n",
        rounds,
        rotations,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version());
    System.out.printf("%-34s %12s %10s %8s%n", "", "rotations/s", "cpu ms", "ratio");
    print("plain loop, 1 thread", plain, plain);
    print("refreshd, 1 in flight", one, plain);
    print("refreshd, 16 in flight", sixteen, plain);
  }

  private static void print(String name, List<Figures> figures, List<Figures> reference) {
    System.out.printf(
        Locale.ROOT,
        "%-34s %12.0f %10.3f %8.2f%n",
        name,
        median(figures.stream().mapToDouble(Figures::perSecond).toArray()),
        median(figures.stream().mapToDouble(Figures::cpuMillis).toArray()),
        median(
            IntStream.range(0, figures.size())
                .mapToDouble(i -> figures.get(i).perSecond() / reference.get(i).perSecond())
                .toArray()));
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
              new StoreLocation(file, file.resolveSibling("whole.key")), "bench", 16, clock);
      RotationPolicy policy = new RotationPolicy((cron, after) -> Instant.MAX, Instant.EPOCH);
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
          null);
    }

    @Override
    public void close() {
      redeemer.close();
      store.close();
    }
  }
}
