package io.refreshd.daemon;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.State;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.WithCircuits;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configured grants, and in words how they stand. The store is read through, never into memory:
 * there may be a million of them.
 */
final class Fleet {

  private final Map<GrantName, Grant> grants = new HashMap<>();

  Fleet(Collection<Grant> configured) {
    configured.forEach(grant -> grants.put(grant.name(), grant));
  }

  /** The grant of that name; {@code null} if none is configured. */
  @Nullable Grant find(GrantName name) {
    return grants.get(name);
  }

  /** All of them, in no order. */
  Collection<Grant> grants() {
    return Collections.unmodifiableCollection(grants.values());
  }

  /** How many there are, and how many of them without a token. */
  String described(TokenStore store) {
    LongAdder stored = new LongAdder();
    store.readNames(name -> stored.add(grants.containsKey(name) ? 1 : 0));
    long tenants = grants.keySet().stream().map(GrantName::tenant).distinct().count();
    long without = grants.size() - stored.sum();
    String all = counted(grants.size(), "grant") + " of " + counted(tenants, "tenant");
    return without == 0 ? all : all + ", " + without + " of them without a token (refreshd import)";
  }

  private static String counted(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** On a short line, healthy ones not counted apart: {@code 24 grants, 1 needs consent}. */
  String summary(TokenStore store, Instant now) {
    Map<State, Long> counts = new EnumMap<>(State.class);
    WithCircuits configured =
        new WithCircuits(
            store,
            (grant, record, circuits) ->
                counts.merge(GrantStatus.of(grant, record, circuits, now).state(), 1L, Long::sum));
    store.readRecords(
        record -> {
          Grant grant = find(record.name());
          if (grant == null) {
            counts.merge(State.UNCONFIGURED, 1L, Long::sum);
          } else {
            configured.add(grant, record);
          }
        });
    configured.end();
    long unconfigured = counts.getOrDefault(State.UNCONFIGURED, 0L);
    long stored = counts.values().stream().mapToLong(count -> count).sum() - unconfigured;
    if (stored < grants.size()) {
      counts.put(State.NEW, grants.size() - stored);
    }
    counts.remove(State.HEALTHY);
    return counts.entrySet().stream()
        .map(count -> ", " + count.getValue() + " " + count.getKey().word().replace('-', ' '))
        .collect(
            Collectors.joining(
                "", grants.size() + (grants.size() == 1 ? " grant" : " grants"), ""));
  }
}
