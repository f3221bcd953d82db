package io.refreshd.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The product beside its peers and beside the limit, side by side in one run: each is a process of
 * its own, they take turns, and what counts are the ratios of the medians.
 *
 * <pre>
 * mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
 * java -cp target/test-classes:target/classes:$(cat target/test-classpath) io.refreshd.bench.PeersBench [OPTION=VALUE]…
 * </pre>
 *
 * Options: {@code latency} of the endpoint in ms (0), {@code wire} (http) or https, {@code
 * sync-delay} in microseconds (0) by which each sync of the processes takes longer, that of
 * PostgreSQL's server aside, {@code rounds} (3) of {@code seconds} (3) each, {@code warm-up} of
 * each until so many rotations (30000) or {@code warm-up-seconds} (30), {@code only} some of {@link
 * Peers} by name (all), {@code refreshd-flags} for the JVM that refreshd runs in, with commas
 * between them: what the launcher gives a daemon, for example, which is to be small.
 */
public final class PeersBench {

  /** Nothing that takes long to settle. */
  private static final long SCRIPT_WARM_UP_MILLIS = 3_000;

  private final Path folder;
  private final BenchOptions options;
  private final Map<String, Contender> contenders = new LinkedHashMap<>();

  private PeersBench(Path folder, BenchOptions options) {
    this.folder = folder;
    this.options = options;
  }

  public static void main(String[] args) throws Exception {
    BenchOptions options =
        BenchOptions.parse(
            args,
            "latency=0",
            "wire=http",
            "sync-delay=0",
            "rounds=3",
            "seconds=3",
            "warm-up=30000",
            "warm-up-seconds=30",
            "only=all",
            "refreshd-flags=");
    try (LoopbackEndpoint plain = LoopbackEndpoint.start(null, 0)) {
      System.out.printf(
          "%s%n%s%nthe endpoint's own ceiling: %.0f requests/s%n",
          Machine.described(), options, EndpointCeiling.perSecond(plain.base(), 1_000));
    }
    try (BenchFolder folder = BenchFolder.create()) {
      new PeersBench(folder.path(), options).run();
    }
    System.exit(0);
  }

  private void run() throws Exception {
    int delay = options.number("sync-delay");
    Map<String, String> disk = delay == 0 ? Map.of() : SlowDisk.environment(folder, delay);
    System.out.printf(
        "a durable commit of one row, SQLite: %d microseconds%n%n",
        DurableCommit.micros(folder, disk));
    @Nullable SelfSigned tls = options.text("wire").equals("https") ? SelfSigned.in(folder) : null;
    try (LoopbackEndpoint endpoint = LoopbackEndpoint.start(tls, options.number("latency"))) {
      compare(new Peers(folder, endpoint.base(), tls, disk, options.list("refreshd-flags")));
    }
  }

  private void compare(Peers peers) throws Exception {
    List<MeasuredProcess> processes = new ArrayList<>();
    try {
      enter(peers, processes);
      for (int round = 0; round < options.number("rounds"); round++) {
        for (Contender one : contenders.values()) {
          one.round(options.number("seconds") * 1_000L);
        }
      }
      System.out.println(Contender.head());
      contenders.values().forEach(System.out::println);
      System.out.println();
      bounds().forEach(System.out::println);
    } finally {
      for (MeasuredProcess one : processes) {
        one.close();
      }
    }
  }

  private void enter(Peers peers, List<MeasuredProcess> processes) throws Exception {
    for (Peers.Peer peer : Peers.Peer.values()) {
      if (!options.text("only").equals("all") && !options.list("only").contains(peer.word())) {
        continue;
      }
      Optional<String> missing = peers.missing(peer);
      if (missing.isPresent()) {
        System.out.println(peer.word() + " is skipped; missing here: " + missing.get());
        continue;
      }
      MeasuredProcess process = peers.start(peer);
      processes.add(process);
      process.warmUp(
          peer.mostInFlight(),
          options.number("warm-up"),
          peer.isScript() ? SCRIPT_WARM_UP_MILLIS : options.number("warm-up-seconds") * 1_000L);
      for (int inFlight : peer.inFlight()) {
        contenders.put(
            peer.word() + "-" + inFlight,
            new Contender(peer.described(), process, inFlight, peers.server(peer)));
      }
    }
  }

  private List<Bound> bounds() {
    List<Bound> bounds = new ArrayList<>();
    int latency = options.number("latency");
    if (latency == 0) {
      speed(bounds, "refreshd-postgresql-16", "spring-16", 3);
      cpu(bounds, "refreshd-postgresql-16", "spring-16", 1 / 3d);
      speed(bounds, "refreshd-sqlite-16", "node-16", 4);
      speed(bounds, "refreshd-sqlite-16", "python-1", 2);
      speed(bounds, "refreshd-sqlite-16", "shell-1", 60);
      speed(bounds, "refreshd-sqlite-16", "raw-sqlite-16", 0.6);
      speed(bounds, "refreshd-postgresql-16", "raw-postgresql-16", 0.6);
    } else if (latency == 50) {
      speed(bounds, "refreshd-sqlite-16", "python-1", 12);
      speed(bounds, "refreshd-sqlite-16", "node-16", Double.NaN);
      speed(bounds, "refreshd-postgresql-16", "spring-16", Double.NaN);
    }
    speed(bounds, "refreshd-postgresql-16", "spring-apache-16", Double.NaN);
    cpu(bounds, "refreshd-postgresql-16", "spring-apache-16", Double.NaN);
    return bounds;
  }

  private void speed(List<Bound> bounds, String ours, String theirs, double atLeast) {
    @Nullable Contender our = contenders.get(ours);
    @Nullable Contender their = contenders.get(theirs);
    if (our != null && their != null) {
      String what = "rotations/s, " + ours + " to " + theirs;
      bounds.add(Bound.atLeast(what, our.speedTo(their), atLeast));
    }
  }

  private void cpu(List<Bound> bounds, String ours, String theirs, double atMost) {
    @Nullable Contender our = contenders.get(ours);
    @Nullable Contender their = contenders.get(theirs);
    if (our != null && their != null) {
      String what = "CPU of a rotation, " + ours + " to " + theirs;
      bounds.add(Bound.atMost(what, our.cpuTo(their), atMost));
    }
  }
}
