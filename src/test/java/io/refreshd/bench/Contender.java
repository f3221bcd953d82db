package io.refreshd.bench;

import io.refreshd.bench.MeasuredProcess.Figures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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
  private final List<Figures> rounds = new ArrayList<>();

  Contender(String name, MeasuredProcess process, int inFlight) {
    this.name = name;
    this.process = process;
    this.inFlight = inFlight;
  }

  String name() {
    return name;
  }

  void round(long millis) throws IOException {
    rounds.add(process.round(inFlight, millis));
  }

  double perSecond() {
    return median(rounds.stream().mapToDouble(Figures::perSecond));
  }

  double cpuMillis() {
    return median(rounds.stream().mapToDouble(Figures::cpuMillis));
  }

  /** How much faster it is than another, round by round: the machine's speed may drift. */
  double speedTo(Contender other) {
    return ratio(other, Figures::perSecond);
  }

  /** How much CPU it takes for a rotation where the other takes 1. */
  double cpuTo(Contender other) {
    return ratio(other, Figures::cpuMillis);
  }

  private double ratio(Contender other, ToDoubleFunction<Figures> figure) {
    return median(
        IntStream.range(0, rounds.size())
            .mapToDouble(
                i ->
                    figure.applyAsDouble(rounds.get(i))
                        / figure.applyAsDouble(other.rounds.get(i))));
  }

  private static double median(DoubleStream values) {
    double[] sorted = values.toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  static String head() {
    return String.format(
        Locale.ROOT, "%-44s %9s %12s %8s", "", "in flight", "rotations/s", "cpu ms");
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%-44s %9d %12.0f %8.3f", name, inFlight, perSecond(), cpuMillis());
  }
}
