package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a new reading of the configuration changes, in words. */
record ConfigChange(Config before, Config after) {

  /** So many names stand in one line. */
  private static final int NAMED = 10;

  @Override
  public String toString() {
    Map<GrantName, Grant> old = byName(before);
    Map<GrantName, Grant> now = byName(after);
    List<String> changes = new ArrayList<>();
    add(changes, "added", now.keySet().stream().filter(name -> !old.containsKey(name)).toList());
    add(
        changes,
        "changed",
        now.values().stream()
            .filter(grant -> old.containsKey(grant.name()))
            .filter(grant -> !grant.equals(old.get(grant.name())))
            .map(Grant::name)
            .toList());
    add(changes, "removed", old.keySet().stream().filter(name -> !now.containsKey(name)).toList());
    if (changes.isEmpty()) {
      changes.add("no grant changed");
    }
    addNumber(changes, "concurrency", before.concurrency(), after.concurrency());
    addNumber(changes, "tenant-concurrency", before.tenantConcurrency(), after.tenantConcurrency());
    if (!before.alerts().equals(after.alerts())) {
      changes.add("alerts changed");
    }
    return String.join(", ", changes);
  }

  private static Map<GrantName, Grant> byName(Config config) {
    Map<GrantName, Grant> grants = new TreeMap<>();
    config.grants().forEach(grant -> grants.put(grant.name(), grant));
    return grants;
  }

  private static void add(List<String> changes, String what, List<GrantName> names) {
    if (!names.isEmpty()) {
      String count = names.size() + (changes.isEmpty() ? noun(names.size()) : "");
      String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
      changes.add(
          names.stream()
              .limit(NAMED)
              .map(GrantName::toString)
              .collect(Collectors.joining(", ", count + " " + what + " (", more + ")")));
    }
  }

  private static String noun(int count) {
    return count == 1 ? " grant" : " grants";
  }

  private static void addNumber(List<String> changes, String key, int before, int after) {
    if (before != after) {
      changes.add(key + " " + after + " instead of " + before);
    }
  }
}
