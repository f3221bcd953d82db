package io.refreshd.bench;

import io.refreshd.testing.PostgresServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long the packaged daemon takes until it is ready, and in how much memory, with many grants in
 * its configuration and in its store. They are put into the store in bulk, which is not measured;
 * none is due. Beside it: what reading and checking the configuration alone takes, and what a look
 * at one grant and at all of them takes while the daemon runs.
 *
 * <pre>
 * mvn -q -B package dependency:build-classpath -Dmdep.outputFile=target/test-classpath -DskipTests
 * java -cp target/test-classes:target/classes:$(cat target/test-classpath) io.refreshd.bench.StartBench [OPTION=VALUE]…
 * </pre>
 *
 * Options: {@code grants} (100000,1000000), {@code store} (postgresql) or sqlite, {@code
 * java-opts}, flags of the JVM (-Xmx400m) beside those of the launcher {@code config/refreshd};
 * {@code classes}: so many lines about whose objects fill the heap (0).
 */
public final class StartBench {

  /** A look at all grants, once a minute, is among it. */
  private static final long WATCHED_SECONDS = 90;

  /** What is wanted: seconds until ready, resident MiB. */
  private static final Map<Integer, List<Double>> WANTED =
      Map.of(100_000, List.of(10d, 512d), 1_000_000, List.of(60d, 512d));

  private StartBench() {}

  public static void main(String[] args) throws Exception {
    BenchOptions options =
        BenchOptions.parse(
            args, "grants=100000,1000000", "store=postgresql", "java-opts=-Xmx400m", "classes=0");
    System.out.printf("%s%n%s%n%n", Machine.described(), options);
    System.out.printf(
        "%9s %10s %11s %10s %12s %10s %10s %12s%n",
        "grants",
        "check, s",
        "its CPU, s",
        "ready, s",
        "its CPU, s",
        "resident",
        "at most",
        "later");
    List<Bound> bounds = new ArrayList<>();
    if (Machine.stores(options.list("store")).isEmpty()) {
      return;
    }
    BenchWorld.install();
    try (BenchFolder folder = BenchFolder.create();
        LoopbackEndpoint endpoint = LoopbackEndpoint.start(null, 0)) {
      for (int grants : options.numbers("grants")) {
        String url = options.text("store").equals("sqlite") ? "" : PostgresServer.newSchema();
        BenchWorld world =
            BenchWorld.create(
                folder.path().resolve(Integer.toString(grants)), url, endpoint.base(), grants);
        measure(world, grants, options, bounds);
      }
    }
    System.out.println();
    bounds.forEach(System.out::println);
    System.exit(0);
  }

  private static void printLook(BenchWorld world, String javaOptions, String... command)
      throws IOException, InterruptedException {
    CommandCost look = CommandCost.of(world.refreshd(javaOptions, command));
    System.out.printf(
        Locale.ROOT,
        "%9s %s: %.1f s, %.1f s of CPU, %.0f MiB at most%n",
        "",
        String.join(" ", command),
        look.seconds(),
        look.cpuSeconds(),
        look.mostResidentMib());
  }

  private static void measure(
      BenchWorld world, int grants, BenchOptions options, List<Bound> bounds)
      throws IOException, InterruptedException {
    String javaOptions = options.text("java-opts");
    CommandCost check = CommandCost.of(world.refreshd(javaOptions, "check"));
    try (PackagedDaemon daemon = PackagedDaemon.start(world, javaOptions)) {
      double cpu = daemon.figures().cpuMillis() / 1e3;
      double resident = daemon.figures().residentMib();
      TimeUnit.SECONDS.sleep(WATCHED_SECONDS);
      double most = daemon.figures().mostResidentMib();
      System.out.printf(
          Locale.ROOT,
          "%,9d %10.1f %11.1f %10.1f %12.1f %6.0f MiB %6.0f MiB %8.0f MiB%n",
          grants,
          check.seconds(),
          check.cpuSeconds(),
          daemon.secondsToReady(),
          cpu,
          resident,
          most,
          daemon.figures().residentMib());
      daemon.printClasses(options.number("classes"));
      printLook(world, javaOptions, "status", "tenant-0/user-0");
      printLook(world, javaOptions, "status");
      printLook(world, javaOptions, "status", "--json");
      List<Double> wanted = WANTED.get(grants);
      if (wanted != null) {
        String with = String.format(Locale.ROOT, "%,d grants: ", grants);
        bounds.add(
            Bound.atMost(with + "seconds until ready", daemon.secondsToReady(), wanted.get(0)));
        bounds.add(Bound.atMost(with + "resident MiB, at most", most, wanted.get(1)));
      }
    }
  }
}
