package io.refreshd.config;

import io.refreshd.config.Node.Entry;
import io.refreshd.config.Node.Mapping;
import io.refreshd.config.Node.Scalar;
import io.refreshd.config.Node.Sequence;
import io.refreshd.grant.GrantName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads lists of mappings that each have a name. */
final class NamedEntries {

  private NamedEntries() {}

  /**
   * The mappings of a list; reports what is none, and names that are missing or taken.
   *
   * @param names those that are taken, and where; added to
   */
  static List<Fields> read(
      Fields parent, Key<Sequence> key, Level level, Map<String, Place> names) {
    Sequence list = parent.value(key);
    List<Fields> entries = new ArrayList<>();
    List<Node> items = list == null ? List.of() : list.items();
    for (int i = 0; i < items.size(); i++) {
      try {
        Mapping mapping = Values.MAPPING.read(items.get(i));
        entries.add(entry(mapping, parent, key, level, names, i));
      } catch (Mistake e) {
        parent.problems().add(position(parent, key, i), e);
      }
    }
    return entries;
  }

  /** What an entry is called that has no name. */
  private static String position(Fields parent, Key<?> key, int index) {
    return parent.path(key.name()) + "[#" + (index + 1) + "]";
  }

  private static Fields entry(
      Mapping mapping,
      Fields parent,
      Key<?> key,
      Level level,
      Map<String, Place> names,
      int index) {
    Entry name = mapping.entries().get(Keys.NAME.name());
    if (name == null || !(name.value() instanceof Scalar scalar) || !isName(scalar)) {
      Fields fields = new Fields(mapping, level, position(parent, key, index), parent.problems());
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
