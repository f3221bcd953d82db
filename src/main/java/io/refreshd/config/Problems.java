package io.refreshd.config;

import io.refreshd.config.Node.Duplicate;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects what is wrong, in order of place, each thing once however many grants inherit it. */
final class Problems {

  private final SortedSet<Problem> found = new TreeSet<>();
  private final SortedSet<Problem> warnings = new TreeSet<>();

  void add(Place place, String key, String message) {
    found.add(Problem.at(place, key, message));
  }

  void add(String key, Mistake mistake) {
    add(mistake.place(), key, mistake.words());
    mistake.others().forEach(other -> add(key, other));
  }

  /** Reports that a key was given again. */
  void add(String key, Duplicate duplicate) {
    add(
        duplicate.place(),
        key,
        "is given twice, first at " + duplicate.first() + "; would be given once");
  }

  /** Reports what keeps nothing from being used. */
  void warn(Place place, String key, String message) {
    warnings.add(Problem.at(place, key, message));
  }

  List<Problem> warnings() {
    return List.copyOf(warnings);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  void throwIfAny() throws ConfigException {
    if (!found.isEmpty()) {
      throw new ConfigException(List.copyOf(found));
    }
  }
}
