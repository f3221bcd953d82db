package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry.Refusal;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.StoreException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one row as the values of the core, each read once and in the order of the query: a
 * look-up by name walks over the names of all, for each of them. A {@code find…} may be null.
 */
final class Columns {

  private static final Set<String> NAMING = Set.of("seq", "tenant", "name");

  private final ResultSet row;
  private int last;

  Columns(ResultSet row) {
    this.row = row;
  }

  long number() throws SQLException {
    return row.getLong(++last);
  }

  int integer() throws SQLException {
    return row.getInt(++last);
  }

  @Nullable Integer findInteger() throws SQLException {
    int number = integer();
    return row.wasNull() ? null : Integer.valueOf(number);
  }

  @Nullable Long findNumber() throws SQLException {
    long number = number();
    return row.wasNull() ? null : Long.valueOf(number);
  }

  boolean flag() throws SQLException {
    return row.getBoolean(++last);
  }

  Instant instant() throws SQLException {
    return Micros.instant(number());
  }

  @Nullable Instant findInstant() throws SQLException {
    long micros = number();
    return row.wasNull() ? null : Micros.instant(micros);
  }

  @Nullable Duration findDuration() throws SQLException {
    long micros = number();
    return row.wasNull() ? null : Micros.duration(micros);
  }

  String text() throws SQLException {
    return row.getString(++last);
  }

  @Nullable String findText() throws SQLException {
    return row.getString(++last);
  }

  byte[] bytes() throws SQLException {
    return row.getBytes(++last);
  }

  byte @Nullable [] findBytes() throws SQLException {
    return row.getBytes(++last);
  }

  @Nullable Sealed findSealed() throws SQLException {
    byte[] bytes = findBytes();
    return bytes == null ? null : Sealed.of(bytes);
  }

  Sealed sealed() throws SQLException {
    return Sealed.of(bytes());
  }

  /** The constant whose word stands in the column. */
  <E extends Enum<E>> E word(Class<E> type) throws SQLException {
    return known(text(), type);
  }

  <E extends Enum<E>> @Nullable E findWord(Class<E> type) throws SQLException {
    String word = findText();
    return word == null ? null : known(word, type);
  }

  private <E extends Enum<E>> E known(String word, Class<E> type) throws SQLException {
    try {
      return constant(word, type);
    } catch (IllegalArgumentException e) {
      throw new StoreException.Damaged(
          whose()
              + ": the store has \""
              + word
              + "\" as its "
              + row.getMetaData().getColumnLabel(last).replace('_', ' ')
              + ", which this version does not know: it is damaged, or a newer refreshd wrote it."
              + " install the newest refreshd; if that does not know it either, restore the store"
              + " from a backup",
          e);
    }
  }

  /** Of which entry or grant the row is, by the columns that name it. */
  private String whose() throws SQLException {
    Map<String, String> names = new HashMap<>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      String label = row.getMetaData().getColumnLabel(i);
      if (NAMING.contains(label)) {
        names.put(label, String.valueOf(row.getString(i)));
      }
    }
    if (names.containsKey("seq")) {
      return "entry " + names.get("seq") + " of the rotation log";
    }
    String tenant = names.get("tenant");
    String name = names.get("name");
    return tenant == null || name == null ? "a row" : tenant + "/" + name;
  }

  static <E extends Enum<E>> E constant(String word, Class<E> type) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Of two columns: tenant, name. */
  GrantName name() throws SQLException {
    return new GrantName(text(), text());
  }

  @Nullable GrantName findName() throws SQLException {
    String tenant = findText();
    String name = findText();
    return tenant == null || name == null ? null : new GrantName(tenant, name);
  }

  /** Of four columns: kind, error, code, suberror. */
  @Nullable Refusal findRefusal() throws SQLException {
    RefusalKind kind = findWord(RefusalKind.class);
    if (kind == null) {
      skip(3);
      return null;
    }
    return new Refusal(kind, findText(), findText(), findText());
  }

  /** The same row, from its first column on. */
  Columns again() {
    return new Columns(row);
  }

  /** Passes over columns. */
  void skip(int columns) {
    last += columns;
  }
}
