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

  /** Levenshtein: the fewest insertions, deletions and replacements, by rows of the table. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
