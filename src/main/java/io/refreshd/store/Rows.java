package io.refreshd.store;

import io.refreshd.grant.GrantName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads columns that may be null, as the values of the core. */
final class Rows {

  private Rows() {}

  static Instant instant(ResultSet row, String column) throws SQLException {
    return Micros.instant(row.getLong(column));
  }

  static @Nullable Instant findInstant(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : Micros.instant(micros);
  }

  static @Nullable Duration findDuration(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : Micros.duration(micros);
  }

  static @Nullable Integer findInteger(ResultSet row, String column) throws SQLException {
    int number = row.getInt(column);
    return row.wasNull() ? null : Integer.valueOf(number);
  }

  /** The constant whose word stands in the column. */
  static <E extends Enum<E>> @Nullable E findWord(ResultSet row, String column, Class<E> type)
      throws SQLException {
    String word = row.getString(column);
    return word == null ? null : constant(word, type);
  }

  static <E extends Enum<E>> E constant(String word, Class<E> type) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  static @Nullable GrantName findName(ResultSet row) throws SQLException {
    String tenant = row.getString("tenant");
    return tenant == null ? null : new GrantName(tenant, row.getString("name"));
  }
}
