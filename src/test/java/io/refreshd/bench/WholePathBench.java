package io.refreshd.bench;

import io.refreshd.testing.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rotations per second and CPU per rotation of the product's whole path: lease, read, redeem,
 * parse, seal, commit. Every combination of the options is measured; for each store with some
 * number of grants in a process of its own, which takes turns with the others.
 *
 * <pre>
 * mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
 * java -cp target/test-classes:target/classes:$(cat target/test-classpath) io.refreshd.bench.WholePathBench [OPTION=VALUE]…
 * </pre>
 *
 * Options, each one value or some with commas between them: {@code grants} (1000), {@code store}
 * (sqlite,postgresql), {@code in-flight} (1,16,64), {@code latency} of the endpoint in ms (0),
 * {@code wire} (http) or https; {@code rounds} (3) of {@code seconds} (3) each, {@code warm-up} of
 * each process until so many rotations (30000) or {@code warm-up-seconds} (30).
 */
public final class WholePathBench {

  /** What a rotation may cost with the most grants, where it costs 1 with the fewest. */
  private static final double COST_OF_MANY = 1.3;

  private final Path folder;
  private final BenchOptions options;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Entered> entered = new ArrayList<>();

  private WholePathBench(Path folder, BenchOptions options) {
    this.folder = folder;
    this.options = options;
  }

  /** What a contender is one of. */
  private record Kind(String store, String wire, int latency, int grants) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s, %,d grants, %s, %d ms", store, grants, wire, latency);
    }
  }

  private record Entered(Kind kind, int inFlight, Contender contender) {}

  public static void main(String[] args) throws Exception {
    BenchOptions options =
        BenchOptions.parse(
            args,
            "grants=1000",
            "store=sqlite,postgresql",
            "in-flight=1,16,64",
            "latency=0",
            "wire=http",
            "rounds=3",
            "seconds=3",
            "warm-up=30000",
            "warm-up-seconds=30");
    System.out.printf("%s%n%s%n", Machine.described(), options);
    try (BenchFolder folder = BenchFolder.create()) {
      new WholePathBench(folder.path(), options).run();
    }
    System.exit(0);
  }

  private void run() throws Exception {
    try {
      enterAll();
      measure();
      System.out.println(Contender.head());
      entered.forEach(one -> System.out.println(one.contender()));
      System.out.println();
      bounds().forEach(System.out::println);
    } finally {
      for (AutoCloseable one : open) {
        one.close();
      }
    }
  }

  private void enterAll() throws Exception {
    SelfSigned tls = SelfSigned.in(folder);
    List<String> stores = Machine.stores(options.list("store"));
    for (String wire : options.list("wire")) {
      @Nullable SelfSigned certificate = wire.equals("https") ? tls : null;
      for (int latency : options.numbers("latency")) {
        LoopbackEndpoint endpoint = opened(LoopbackEndpoint.start(certificate, latency));
        if (certificate == null && latency == 0) {
          System.out.printf(
              Locale.ROOT,
              "the endpoint's own ceiling: %.0f requests/s%n",
              EndpointCeiling.perSecond(endpoint.base(), 1_000));
        }
        for (String store : stores) {
          for (int grants : options.numbers("grants")) {
            enter(new Kind(store, wire, latency, grants), endpoint.base(), certificate);
          }
        }
      }
    }
    if (stores.contains("postgresql")) {
      // what the server would do by itself after so much was put in, but while it is measured
      PostgresServer.execute(PostgresServer.url(), "VACUUM ANALYZE");
    }
    System.out.println();
  }

  private void enter(Kind kind, URI endpoint, @Nullable SelfSigned certificate) throws IOException {
    Path own = Files.createDirectory(folder.resolve("process-" + open.size()));
    MeasuredProcess process =
        opened(
            MeasuredProcess.startJava(
                certificate == null ? List.of() : certificate.trustingFlags(),
                Map.of(),
                System.getProperty("java.class.path"),
                RefreshdRotations.class,
                kind.store().equals("sqlite")
                    ? "jdbc:sqlite:" + own.resolve("refreshd.db")
                    : PostgresServer.newSchema(),
                own.toString(),
                endpoint.toString(),
                Integer.toString(kind.grants())));
    process.warmUp(
        options.numbers("in-flight").stream().mapToInt(Integer::intValue).max().orElseThrow(),
        options.number("warm-up"),
        options.number("warm-up-seconds") * 1_000L);
    String server = kind.store().equals("sqlite") ? "" : PostgresServer.url();
    for (int inFlight : options.numbers("in-flight")) {
      entered.add(
          new Entered(kind, inFlight, new Contender(kind.toString(), process, inFlight, server)));
    }
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }

  private void measure() throws IOException, SQLException {
    for (int round = 0; round < options.number("rounds"); round++) {
      for (Entered one : entered) {
        one.contender().round(options.number("seconds") * 1_000L);
      }
    }
  }

  /** The cost with the most grants beside that with the fewest, where there are both. */
  private List<Bound> bounds() {
    List<Integer> grants = options.numbers("grants").stream().sorted().toList();
    int fewest = grants.get(0);
    int most = grants.get(grants.size() - 1);
    List<Bound> bounds = new ArrayList<>();
    for (Entered many : entered) {
      Kind kind = many.kind();
      if (kind.grants() == most && most > fewest) {
        Kind few = new Kind(kind.store(), kind.wire(), kind.latency(), fewest);
        entered.stream()
            .filter(one -> one.kind().equals(few) && one.inFlight() == many.inFlight())
            .forEach(one -> add(bounds, many, one));
      }
    }
    return bounds;
  }

  private static void add(List<Bound> bounds, Entered many, Entered few) {
    String what =
        String.format(
            Locale.ROOT,
            "%s, %d in flight, to %,d grants: ",
            many.kind(),
            many.inFlight(),
            few.kind().grants());
    bounds.add(
        Bound.atMost(what + "time", 1 / many.contender().speedTo(few.contender()), COST_OF_MANY));
    bounds.add(Bound.atMost(what + "CPU", many.contender().cpuTo(few.contender()), COST_OF_MANY));
  }
}
