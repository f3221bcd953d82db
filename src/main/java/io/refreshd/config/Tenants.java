package io.refreshd.config;

import io.refreshd.config.Node.Entry;
import io.refreshd.config.Node.Mapping;
import io.refreshd.config.Node.Scalar;
import io.refreshd.config.Node.Sequence;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
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

  /** The mappings of a list; reports what is none, and names that are missing or taken. */
  private static List<Fields> entries(
      Fields parent, Key<Sequence> key, Level level, Map<String, Place> names) {
    Sequence list = parent.value(key);
    List<Fields> entries = new ArrayList<>();
    if (list != null && list.items().isEmpty()) {
      parent.reject(key, "is empty; would have one entry or more");
    }
    List<Node> items = list == null ? List.of() : list.items();
    for (int i = 0; i < items.size(); i++) {
      String position = parent.path(key.name()) + "[#" + (i + 1) + "]";
      try {
        Mapping mapping = Values.MAPPING.read(items.get(i));
        entries.add(entry(mapping, parent, key, level, names, position));
      } catch (Mistake e) {
        parent.problems().add(position, e);
      }
    }
    return entries;
  }

  private static Fields entry(
      Mapping mapping,
      Fields parent,
      Key<?> key,
      Level level,
      Map<String, Place> names,
      String position) {
    Entry name = mapping.entries().get(Keys.NAME.name());
    if (name == null || !(name.value() instanceof Scalar scalar) || !isName(scalar)) {
      Fields fields = new Fields(mapping, level, position, parent.problems());
      if (name == null) {
        fields.missing(Keys.NAME);
      }
      return fields;
    }
    String path = parent.path(key.name()) + "[" + scalar.text() + "]";
    Fields fields = new Fields(mapping, level, path, parent.problems());
    Place first = names.putIfAbsent(scalar.text(), scalar.place());
    if (first != null) {
      parent
          .problems()
          .add(
              scalar.place(),
              fields.path(Keys.NAME.name()),
              "is taken at " + first + "; would be another name");
    }
    return fields;
  }

  private static boolean isName(Scalar scalar) {
    return GrantName.isPart(scalar.text());
  }
}
