package io.refreshd.fault.network;

import io.refreshd.fault.network.FaultCase.Result;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results, a row for each place. */
final class NetworkTable {

  private static final String HEAD =
      """
      | place of the fault | faults | runs | most requests for one attempt | losses | rotated all the same | reusable: healed by the next attempt | single-use: presented again by the schedule | single-use: needed consent |
      |---|---|--:|--:|--:|--:|--:|--:|--:|
      """;

  private NetworkTable() {}

  static String of(List<Result> results) {
    Map<Position, List<Result>> byPosition = new EnumMap<>(Position.class);
    for (Position position : Position.values()) {
      byPosition.put(
          position,
          results.stream().filter(one -> one.of().harm().position() == position).toList());
    }
    StringBuilder table = new StringBuilder(HEAD);
    byPosition.forEach((position, some) -> table.append(row(position, some)));
    return table.toString();
  }

  private static String row(Position position, List<Result> results) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %d | %d | %d | %d | %d | %d | %d |%n",
        position.words(),
        String.join(
            ", ",
            results.stream()
                .map(one -> one.of().harm().fault())
                .distinct()
                .sorted()
                .map(Fault::words)
                .toList()),
        results.size(),
        results.stream().mapToInt(Result::requests).max().orElse(0),
        results.stream().filter(one -> one.failure() != null).count(),
        results.stream().filter(Result::rotated).count(),
        results.stream().filter(one -> isRetried(one) && !one.of().singleUse()).count(),
        results.stream().filter(one -> isRetried(one) && one.of().singleUse()).count(),
        results.stream().filter(Result::consent).count());
  }

  private static boolean isRetried(Result result) {
    return !result.rotated() && !result.consent() && result.failure() == null;
  }
}
