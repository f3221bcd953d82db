package io.refreshd.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What the packaged daemon costs that has nothing to do, with a small fleet on an embedded store
 * and as the launcher {@code config/refreshd} starts it: resident memory and CPU over some minutes;
 * and what {@code refreshd status} costs beside it.
 *
 * <pre>
 * mvn -q -B package dependency:build-classpath -Dmdep.outputFile=target/test-classpath -DskipTests
 * java -cp target/test-classes:target/classes:$(cat target/test-classpath) io.refreshd.bench.IdleBench [OPTION=VALUE]…
 * </pre>
 *
 * Options: {@code grants} (24), {@code minutes} (10), {@code status} times (7).
 */
public final class IdleBench {

  private static final double RESIDENT_MIB = 90;
  private static final double CPU_PER_CENT = 0.1;
  private static final double STATUS_CPU_SECONDS = 0.35;

  /** Until the start is over, and what it left is collected. */
  private static final long SETTLING_SECONDS = 20;

  private IdleBench() {}

  public static void main(String[] args) throws Exception {
    BenchOptions options = BenchOptions.parse(args, "grants=24", "minutes=10", "status=7");
    System.out.printf("%s%n%s%n%n", Machine.described(), options);
    BenchWorld.install();
    try (BenchFolder folder = BenchFolder.create();
        LoopbackEndpoint endpoint = LoopbackEndpoint.start(null, 0)) {
      BenchWorld world =
          BenchWorld.create(folder.path(), "", endpoint.base(), options.number("grants"));
      try (PackagedDaemon daemon = PackagedDaemon.start(world, "")) {
        TimeUnit.SECONDS.sleep(SETTLING_SECONDS);
        idle(daemon, options.number("minutes"));
        status(world, options.number("status"));
      }
    }
    System.exit(0);
  }

  private static void idle(PackagedDaemon daemon, int minutes)
      throws IOException, InterruptedException {
    double cpu = daemon.figures().cpuMillis();
    long before = System.nanoTime();
    double most = 0;
    for (int second = 0; second < minutes * 60; second++) {
      TimeUnit.SECONDS.sleep(1);
      most = Math.max(most, daemon.figures().residentMib());
    }
    double perCent =
        (daemon.figures().cpuMillis() - cpu) / ((System.nanoTime() - before) / 1e6) * 100;
    System.out.println(
        Bound.atMost("resident MiB of the idle daemon, at most", most, RESIDENT_MIB));
    System.out.println(
        Bound.atMost(
            "its CPU in per cent of one processor, " + minutes + " minutes",
            perCent,
            CPU_PER_CENT));
  }

  private static void status(BenchWorld world, int times) throws IOException, InterruptedException {
    double[] cpu = new double[times];
    double[] wall = new double[times];
    for (int i : IntStream.range(0, times).toArray()) {
      CommandCost cost = CommandCost.of(world.refreshd("", "status"));
      cpu[i] = cost.cpuSeconds();
      wall[i] = cost.seconds();
    }
    Arrays.sort(cpu);
    Arrays.sort(wall);
    System.out.println(
        Bound.atMost(
            "CPU seconds of `status`, median of " + times, cpu[times / 2], STATUS_CPU_SECONDS));
    System.out.printf(
        Locale.ROOT, "seconds of `status` on the clock, median: %.2f%n", wall[times / 2]);
  }
}
