package io.refreshd.bench;

import io.refreshd.grant.Cadence;
import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.Circuits;
import io.refreshd.simulation.Fate;
import io.refreshd.simulation.Limits;
import io.refreshd.simulation.Member;
import io.refreshd.simulation.Scenario;
import io.refreshd.simulation.Simulation;
import io.refreshd.simulation.SimulationResult;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How long the result of a large fleet takes, and in how much memory. The fleet is one of partners
 * with an application, 12 tenants and 24 grants each, rotated every 7 days.
 *
 * <pre>
 * mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
 * java -Xmx2g -cp target/test-classes:target/classes:$(cat target/test-classpath) io.refreshd.bench.SimulationBench 1000000 400
 * </pre>
 *
 * Arguments: grants (24), days (400).
 */
public final class SimulationBench {

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final int GRANTS_PER_CLIENT = 24;

  private SimulationBench() {}

  public static void main(String[] args) {
    int grants = args.length > 0 ? Integer.parseInt(args[0]) : GRANTS_PER_CLIENT;
    int days = args.length > 1 ? Integer.parseInt(args[1]) : 400;
    List<Member> fleet =
        IntStream.range(0, grants)
            .mapToObj(n -> new Member(grant(n), null, Circuits.NONE))
            .toList();
    AlertRules rules = new AlertRules(List.of(Duration.ofDays(30)), Duration.ofDays(14));
    long before = System.nanoTime();
    SimulationResult result =
        new Simulation((expression, after) -> Instant.MAX, new Limits(16, 4), rules)
            .play(fleet, new Scenario(START, Duration.ofDays(days), List.of()));
    double seconds = (System.nanoTime() - before) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%,d grants, %d days, %d processors, JDK %s%n"
            + "%,d rotations, %d deaths in %.1f s: %,.0f rotations/s; the JVM started %.1f s ago%n"
            + "oldest token ever: %.2f days; peaks: %s%n"
            + "peak of the heap: %,d MiB, of at most %,d MiB%n",
        grants,
        days,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        result.rotations(),
        result.deaths().size(),
        seconds,
        result.rotations() / seconds,
        ManagementFactory.getRuntimeMXBean().getUptime() / 1e3,
        result.oldest().map(Fate::oldest).orElse(Duration.ZERO).toSeconds() / 86_400d,
        List.of(result.busiestSecond(), result.busiestMinute(), result.busiestHour()),
        heapPeak() >> 20,
        Runtime.getRuntime().maxMemory() >> 20);
  }

  private static long heapPeak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong((MemoryPoolMXBean pool) -> pool.getPeakUsage().getUsed())
        .sum();
  }

  private static Grant grant(int number) {
    int client = number / GRANTS_PER_CLIENT;
    int tenant = number / 2;
    return new Grant(
        new GrantName("tenant-" + tenant, number % 2 == 0 ? "live" : "sandbox"),
        new TokenEndpoint.V2(
            URI.create("https://login.microsoftonline.com"),
            "tenant-" + tenant + ".example",
            List.of("https://api.partnercenter.microsoft.com/user_impersonation")),
        new Client("client-" + client, new Client.NoCredential()),
        RefreshTokens.REUSABLE,
        new Cadence.Every(Duration.ofDays(7)),
        Duration.ofDays(90),
        null,
        null);
  }
}
