package io.refreshd.daemon;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.GrantRecord;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How many grants there are, in words. */
record Fleet(List<Grant> grants, List<GrantRecord> records) {

  @Override
  public String toString() {
    long tenants = grants.stream().map(grant -> grant.name().tenant()).distinct().count();
    Set<GrantName> stored = records.stream().map(GrantRecord::name).collect(Collectors.toSet());
    long without = grants.stream().filter(grant -> !stored.contains(grant.name())).count();
    String all = grants.size() + " grants of " + tenants + " tenants";
    return without == 0 ? all : all + ", " + without + " of them without a token (refreshd import)";
  }
}
