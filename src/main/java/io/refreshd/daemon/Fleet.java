package io.refreshd.daemon;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.State;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How many grants there are, in words. */
record Fleet(List<Grant> grants, List<GrantRecord> records) {

  /** On a short line, healthy ones not counted apart: {@code 24 grants, 1 needs consent}. */
  static String summary(List<GrantStatus> status) {
    Map<State, Long> counts =
        status.stream()
            .collect(
                Collectors.groupingBy(
                    GrantStatus::state, () -> new EnumMap<>(State.class), Collectors.counting()));
    long configured = status.size() - counts.getOrDefault(State.UNCONFIGURED, 0L);
    counts.remove(State.HEALTHY);
    return counts.entrySet().stream()
        .map(count -> ", " + count.getValue() + " " + count.getKey().word().replace('-', ' '))
        .collect(Collectors.joining("", configured + (configured == 1 ? " grant" : " grants"), ""));
  }

  @Override
  public String toString() {
    long tenants = grants.stream().map(grant -> grant.name().tenant()).distinct().count();
    Set<GrantName> stored = records.stream().map(GrantRecord::name).collect(Collectors.toSet());
    long without = grants.stream().filter(grant -> !stored.contains(grant.name())).count();
    String all = grants.size() + " grants of " + tenants + " tenants";
    return without == 0 ? all : all + ", " + without + " of them without a token (refreshd import)";
  }
}
