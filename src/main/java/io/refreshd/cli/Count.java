package io.refreshd.cli;

/** A number and its noun. */
final class Count {

  private Count() {}

  static String of(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
