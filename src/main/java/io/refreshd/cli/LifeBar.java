package io.refreshd.cli;

import io.refreshd.rotation.Level;

/** How much of a life is left, drawn: full when a generation is new, empty at the deadline. */
final class LifeBar {

  private static final int CELLS = 16;

  private LifeBar() {}

  /** The bar for a share between 0 and 1; what lies outside is drawn as full or empty. */
  static String of(double left, boolean unicode) {
    int full = (int) Math.ceil(Math.max(0, Math.min(1, left)) * CELLS);
    String on = unicode ? "█" : "#";
    String off = unicode ? "░" : ".";
    return on.repeat(full) + off.repeat(CELLS - full);
  }

  static Console.Paint paint(Level level) {
    return switch (level) {
      case OK -> Console.Paint.GREEN;
      case WARNING -> Console.Paint.YELLOW;
      case CRITICAL -> Console.Paint.RED;
    };
  }
}
