package io.refreshd.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
final class Nearest {

  private Nearest() {}

  /** The candidate with the fewest letters to change, if they are no more than a third of it. */
  static Optional<String> find(String word, Collection<String> candidates) {
    String asked = word.toLowerCase(Locale.ROOT).replace('_', '-');
    return candidates.stream()
        .filter(candidate -> Math.abs(candidate.length() - asked.length()) <= limit(candidate))
        .filter(candidate -> distance(asked, candidate) <= limit(candidate))
        .min(Comparator.comparingInt(candidate -> distance(asked, candidate)));
  }

  private static int limit(String candidate) {
    return Math.max(1, candidate.length() / 3);
  }

  /** The fewest letters to insert, delete, replace, or swap with their neighbour. */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cheapest(int[][] cost, String a, String b, int i, int j) {
    int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
