package io.refreshd.store;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows that PostgreSQL gets as values: an array for each column. */
final class Rows {

  private final List<String> names;
  private final List<String> types;

  /**
   * Rows of these columns.
   *
   * @param columns a name and a type for each
   */
  Rows(String columns) {
    List<String[]> all = Arrays.stream(columns.split(",")).map(c -> c.strip().split(" ")).toList();
    this.names = all.stream().map(column -> column[0]).toList();
    this.types = all.stream().map(column -> column[1]).toList();
  }

  /** To select from, as {@code w}; it has a parameter for each column. */
  @Override
  public String toString() {
    return types.stream()
            .map(type -> "?::" + type + "[]")
            .collect(Collectors.joining(", ", "unnest(", ")"))
        + " AS w ("
        + String.join(", ", names)
        + ")";
  }

  /** How many columns. */
  int size() {
    return types.size();
  }

  /**
   * The values for the parameters.
   *
   * @param rows with these columns first; what they have beyond is left out
   */
  @Nullable Object[] columns(Statements on, List<@Nullable Object[]> rows) throws SQLException {
    @Nullable Object[] columns = new Object[types.size()];
    for (int column = 0; column < columns.length; column++) {
      @Nullable Object[] values = empty(types.get(column), rows.size());
      for (int row = 0; row < values.length; row++) {
        values[row] = rows.get(row)[column];
      }
      columns[column] = on.array(types.get(column), values);
    }
    return columns;
  }

  /** Of its own type, else the driver writes them as text. */
  private static @Nullable Object[] empty(String type, int size) {
    return switch (type) {
      case "int4" -> new Integer[size];
      case "int8" -> new Long[size];
      case "bytea" -> new byte[size][];
      default -> new String[size];
    };
  }
}
