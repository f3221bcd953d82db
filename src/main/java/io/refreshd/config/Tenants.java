package io.refreshd.config;

import io.refreshd.config.Node.Sequence;
import io.refreshd.grant.Grant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the tenants of all files, one file after the other. */
final class Tenants {

  private final GrantReader reader;
  private final Fields defaults;
  private final Map<String, Place> names = new HashMap<>();
  private final List<Grant> grants = new ArrayList<>();

  Tenants(GrantReader reader, Fields defaults) {
    this.reader = reader;
    this.defaults = defaults;
  }

  /** Those that could be read, in the order of the files. */
  List<Grant> grants() {
    return List.copyOf(grants);
  }

  void read(Fields file) {
    for (Fields tenant : entries(file, Keys.TENANTS, Level.TENANT, names)) {
      readTenant(tenant);
    }
  }

  private void readTenant(Fields tenant) {
    reader.check(tenant);
    if (!tenant.has(Keys.GRANTS)) {
      tenant.missing(Keys.GRANTS);
    }
    for (Fields grant : entries(tenant, Keys.GRANTS, Level.GRANT, new HashMap<>())) {
      reader.check(grant);
      reader.read(new Layers(grant, tenant, defaults)).ifPresent(grants::add);
    }
  }

  private static List<Fields> entries(
      Fields parent, Key<Sequence> key, Level level, Map<String, Place> names) {
    Sequence list = parent.value(key);
    if (list != null && list.items().isEmpty()) {
      parent.reject(key, "is empty; would have one entry or more");
    }
    return NamedEntries.read(parent, key, level, names);
  }
}
