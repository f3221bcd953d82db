package io.refreshd.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** A measured process with so many in flight, and what its rounds came to. */
final class Contender {

  private final String name;
  private final MeasuredProcess process;
  private final int inFlight;
  private final String server;
  private final List<Round> rounds = new ArrayList<>();

  /**
   * One that is yet to be measured.
   *
   * @param server URL of the PostgreSQL server that works for it, and whose CPU is told too; empty
   *     if none does
   */
  Contender(String name, MeasuredProcess process, int inFlight, String server) {
    this.name = name;
    this.process = process;
    this.inFlight = inFlight;
    this.server = server;
  }

  /** Rotations per second of wall time; CPU milliseconds for each, of the process, the server. */
  private record Round(double perSecond, double cpuMillis, double serverMillis) {}

  void round(long millis) throws IOException, SQLException {
    Duration before = server.isEmpty() ? Duration.ZERO : ServerCpu.of(server);
    MeasuredProcess.Figures figures = process.round(inFlight, millis);
    Duration after = server.isEmpty() ? Duration.ZERO : ServerCpu.of(server);
    rounds.add(
        new Round(
            figures.rotations() / figures.seconds(),
            figures.cpuMillis() / figures.rotations(),
            after.minus(before).toNanos() / 1e6 / figures.rotations()));
  }

  /** How much faster it is than another, round by round: the machine's speed may drift. */
  double speedTo(Contender other) {
    return ratio(other, Round::perSecond);
  }

  /** How much CPU its process takes for a rotation where the other's takes 1. */
  double cpuTo(Contender other) {
    return ratio(other, Round::cpuMillis);
  }

  private double ratio(Contender other, ToDoubleFunction<Round> figure) {
    return median(
        IntStream.range(0, rounds.size())
            .mapToDouble(
                i ->
                    figure.applyAsDouble(rounds.get(i))
                        / figure.applyAsDouble(other.rounds.get(i))));
  }

  private double median(ToDoubleFunction<Round> figure) {
    return median(rounds.stream().mapToDouble(figure));
  }

  private static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  static String head() {
    return String.format(
        Locale.ROOT,
        "%-44s %9s %12s %8s %10s",
        "",
        "in flight",
        "rotations/s",
        "cpu ms",
        "server's");
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-44s %9d %12.0f %8.3f %10s",
        name,
        inFlight,
        median(Round::perSecond),
        median(Round::cpuMillis),
        server.isEmpty() ? "" : String.format(Locale.ROOT, "%.3f", median(Round::serverMillis)));
  }
}
