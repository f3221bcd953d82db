package io.refreshd.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a bench was asked for on its command line: {@code name=value}, each with a default. */
final class BenchOptions {

  private final Map<String, String> values;

  private BenchOptions(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads the arguments.
   *
   * @param defaults the options that there are, each {@code name=value}
   * @throws IllegalArgumentException for one that there is not
   */
  static BenchOptions parse(String[] args, String... defaults) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String one : defaults) {
      values.put(name(one), value(one));
    }
    for (String one : args) {
      if (!one.contains("=") || !values.containsKey(name(one))) {
        throw new IllegalArgumentException(
            "unknown option " + one + "; there are: " + Arrays.toString(defaults));
      }
      values.put(name(one), value(one));
    }
    return new BenchOptions(values);
  }

  private static String name(String option) {
    return option.substring(0, option.indexOf('='));
  }

  private static String value(String option) {
    return option.substring(option.indexOf('=') + 1);
  }

  String text(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  int number(String name) {
    return Integer.parseInt(text(name));
  }

  /** Values with commas between them; maybe none. */
  List<String> list(String name) {
    return text(name).isEmpty() ? List.of() : List.of(text(name).split(","));
  }

  List<Integer> numbers(String name) {
    return list(name).stream().map(Integer::valueOf).toList();
  }

  @Override
  public String toString() {
    return String.join(
        " ", values.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList());
  }
}
