package io.refreshd.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Rotations per second and CPU per rotation of the whole path (lease, read, redeem, parse, seal,
 * commit) against an endpoint in another process, and as its measure in the same run plain loops of
 * the same HTTP client on the same kind of store: one thread and a durable transaction for each
 * rotation; and the limit, 16 threads whose rotations one writer commits together. Look at the
 * ratios: the figures are the machine's, and how much group commit wins hangs on how long its disk
 * takes to sync.
 *
 * <pre>
 * mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
 * java -cp target/test-classes:target/classes:$(cat target/test-classpath) io.refreshd.bench.RotationBench
 * </pre>
 *
 * Arguments: rotations per round (2000), rounds (5), latency of the endpoint in ms (0), sqlite or
 * postgresql (sqlite), grants in the store (64). {@code -Drefreshd.bench.only=REGEX} leaves out
 * whose name does not match.
 */
public final class RotationBench {

  /** Rounds until the compilers of the JVM have settled: a daemon runs for months. */
  private static final int WARM_UP = Integer.getInteger("refreshd.bench.warm-up", 12);

  private static final int IN_FLIGHT = 16;

  private final int rotations;
  private final int rounds;
  private final int latencyMillis;
  private final String store;
  private final int grants;
  private final List<Contestant> contestants = new ArrayList<>();

  private RotationBench(String[] args) {
    rotations = number(args, 0, 2_000);
    rounds = number(args, 1, 5);
    latencyMillis = number(args, 2, 0);
    store = args.length > 3 ? args[3] : "sqlite";
    grants = number(args, 4, 64);
  }

  /**
   * A round: rotations per second of wall time, and CPU milliseconds for each, of this process and
   * of the database server.
   */
  private record Figures(double perSecond, double cpuMillis, double serverMillis) {}

  /** Who is measured, and how it did. */
  private record Contestant(String name, Callable<?> round, List<Figures> figures) {}

  public static void main(String[] args) throws Exception {
    new RotationBench(args).run();
  }

  private static int number(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private void run() throws Exception {
    Path folder = Files.createTempDirectory("refreshd-rotation-bench-");
    try (LoopbackEndpoint endpoint = LoopbackEndpoint.start(null, latencyMillis);
        BenchDatabase database = BenchDatabase.open(store, folder)) {
      if (database.isPostgres()) {
        measureOnPostgres(database, endpoint.base());
      } else {
        measureOnSqlite(database, endpoint.base());
      }
    } finally {
      delete(folder);
    }
  }

  private void measureOnSqlite(BenchDatabase database, URI endpoint) throws Exception {
    try (PlainLoop defaults = new PlainLoop(database.connect("plain", "DELETE"), endpoint);
        PlainLoop plain = new PlainLoop(database.connect("wal", "WAL"), endpoint);
        PlainLoop limit = new PlainLoop(database.connect("limit", "WAL"), endpoint);
        WholePath whole = new WholePath(database, endpoint, grants)) {
      add("plain loop, SQLite's defaults", () -> defaults.rotate(1, rotations));
      measure(plain, limit, whole, database);
    }
  }

  private void measureOnPostgres(BenchDatabase database, URI endpoint) throws Exception {
    try (PlainLoop plain = new PlainLoop(database.connect("plain", ""), endpoint);
        PlainLoop limit = new PlainLoop(database.connect("raw", ""), endpoint);
        WholePath whole = new WholePath(database, endpoint, grants)) {
      measure(plain, limit, whole, database);
    }
  }

  private void measure(PlainLoop plain, PlainLoop limit, WholePath whole, BenchDatabase database)
      throws Exception {
    Contestant one = add("plain loop, 1 in flight", () -> plain.rotate(1, rotations));
    Contestant raw = add("raw limit, 16 in flight", () -> limit.rotate(IN_FLIGHT, rotations));
    add("refreshd, 1 in flight", () -> whole.rotate(1, rotations));
    add("refreshd, 16 in flight", () -> whole.rotate(IN_FLIGHT, rotations));
    Pattern only = Pattern.compile(System.getProperty("refreshd.bench.only", ""));
    List<Contestant> measured =
        contestants.stream().filter(each -> only.matcher(each.name()).find()).toList();
    List<Long> commits = new ArrayList<>();
    for (int round = -WARM_UP; round < rounds; round++) {
      for (Contestant contestant : measured) {
        Figures figures = measured(contestant.round(), database);
        if (round >= 0) {
          contestant.figures().add(figures);
        }
      }
      commits.add(plain.commitMicros());
    }
    System.out.printf(
        Locale.ROOT,
        "%d rounds of %d rotations, %s, %d grants, http, endpoint latency %d ms, %d processors,"
            + " JDK %s; medians%na durable commit of the plain loop: %.0f microseconds%n%n",
        rounds,
        rotations,
        store,
        grants,
        latencyMillis,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        median(commits.stream().mapToDouble(Long::doubleValue).toArray()));
    System.out.printf(
        "%-30s %12s %8s %10s %14s %10s%n",
        "", "rotations/s", "cpu ms", "server ms", "to plain loop", "to limit");
    measured.forEach(contestant -> print(contestant, one, raw));
  }

  private Contestant add(String name, Callable<?> round) {
    Contestant contestant = new Contestant(name, round, new ArrayList<>());
    contestants.add(contestant);
    return contestant;
  }

  private static void print(Contestant contestant, Contestant plain, Contestant limit) {
    List<Figures> figures = contestant.figures();
    System.out.printf(
        Locale.ROOT,
        "%-30s %12.0f %8.3f %10.3f %14.2f %10.2f%n",
        contestant.name(),
        median(figures.stream().mapToDouble(Figures::perSecond).toArray()),
        median(figures.stream().mapToDouble(Figures::cpuMillis).toArray()),
        median(figures.stream().mapToDouble(Figures::serverMillis).toArray()),
        ratio(figures, plain.figures()),
        ratio(figures, limit.figures()));
  }

  /** Round by round, so that a machine whose speed drifts does not move it. */
  private static double ratio(List<Figures> figures, List<Figures> reference) {
    return median(
        IntStream.range(0, Math.min(figures.size(), reference.size()))
            .mapToDouble(i -> figures.get(i).perSecond() / reference.get(i).perSecond())
            .toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  private Figures measured(Callable<?> round, BenchDatabase database) throws Exception {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Duration server = database.serverCpu();
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    round.call();
    double seconds = (System.nanoTime() - wall) / 1e9;
    double cpuMillis = (system.getProcessCpuTime() - cpu) / 1e6;
    double serverMillis = database.serverCpu().minus(server).toNanos() / 1e6;
    return new Figures(rotations / seconds, cpuMillis / rotations, serverMillis / rotations);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
