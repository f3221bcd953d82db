package io.refreshd.bench;

import java.util.Locale;

/**
 * A figure beside what is wanted of it, if anything is.
 *
 * @param what is compared
 * @param atLeast whether the bound is a lower one
 * @param bound not a number if nothing is wanted of the figure
 */
record Bound(String what, double figure, boolean atLeast, double bound) {

  static Bound atLeast(String what, double figure, double bound) {
    return new Bound(what, figure, true, bound);
  }

  static Bound atMost(String what, double figure, double bound) {
    return new Bound(what, figure, false, bound);
  }

  boolean holds() {
    return atLeast ? figure >= bound : figure <= bound;
  }

  @Override
  public String toString() {
    if (Double.isNaN(bound)) {
      return String.format(Locale.ROOT, "%-72s %8.2f", what, figure);
    }
    return String.format(
        Locale.ROOT,
        "%-72s %8.2f   wanted: at %s %5.2f   %s",
        what,
        figure,
        atLeast ? "least" : "most ",
        bound,
        holds() ? "holds" : "DOES NOT HOLD");
  }
}
