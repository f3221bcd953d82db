package io.refreshd.config;

import java.util.Collection;
import java.util.stream.Collectors;

/** Where in a configuration a key may stand. */
enum Level {
  TOP("at the top level of the main file", "at the top level"),
  INCLUDED("at the top level of an included file", "in an included file"),
  STORE("in store", "in store"),
  LOG("in log", "in log"),
  ALERTS("in alerts", "in alerts"),
  CHANNEL("in a channel of alerts", "in a channel"),
  DEFAULTS("in defaults", "in defaults"),
  TENANT("in a tenant", "in a tenant"),
  GRANT("in a grant", "in a grant");

  private final String belongs;
  private final String here;

  Level(String belongs, String here) {
    this.belongs = belongs;
    this.here = here;
  }

  /** {@code in a tenant}. */
  String here() {
    return here;
  }

  /** {@code in defaults, in a tenant or in a grant}. */
  static String anyOf(Collection<Level> levels) {
    String all = levels.stream().map(level -> level.belongs).collect(Collectors.joining(", "));
    int last = all.lastIndexOf(", ");
    return last < 0 ? all : all.substring(0, last) + " or " + all.substring(last + 2);
  }
}
