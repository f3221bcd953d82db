package io.refreshd.store;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A statement of SQLite that takes several rows as values; prepared once for each number. */
final class ManyRows {

  /** So many at once at most: more would hardly be quicker, and there is a statement for each. */
  private static final int MOST = 16;

  private final int columns;
  private final List<String> texts;

  /**
   * A statement.
   *
   * @param columns how many; what the rows have beyond is left out
   */
  ManyRows(String before, int columns, String after) {
    this.columns = columns;
    String row = "(" + "?, ".repeat(columns - 1) + "?)";
    this.texts =
        IntStream.range(0, MOST)
            .mapToObj(more -> before + row + (", " + row).repeat(more) + after)
            .toList();
  }

  /** Changes rows. */
  void update(Statements on, List<@Nullable Object[]> rows) throws SQLException {
    for (int from = 0; from < rows.size(); from += MOST) {
      List<@Nullable Object[]> some = rows.subList(from, Math.min(rows.size(), from + MOST));
      on.update(texts.get(some.size() - 1), values(some));
    }
  }

  /** Asks for rows. */
  void ask(Statements on, List<@Nullable Object[]> rows, Statements.Taker taker)
      throws SQLException {
    for (int from = 0; from < rows.size(); from += MOST) {
      List<@Nullable Object[]> some = rows.subList(from, Math.min(rows.size(), from + MOST));
      on.each(texts.get(some.size() - 1), taker, values(some));
    }
  }

  private @Nullable Object[] values(List<@Nullable Object[]> rows) {
    @Nullable Object[] values = new Object[rows.size() * columns];
    for (int row = 0; row < rows.size(); row++) {
      System.arraycopy(rows.get(row), 0, values, row * columns, columns);
    }
    return values;
  }
}
