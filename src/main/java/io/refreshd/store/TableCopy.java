package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies every row of every table within a transaction on either side, and reads it back. Each side
 * has troubles of its own, and is named with them.
 */
final class TableCopy {

  /** By so many rows at once; few enough that neither side waits for long. */
  private static final int PAGE = 500;

  private static final String ASK = "SELECT 1";

  private final Transaction from;
  private final Database source;
  private final Transaction to;
  private final Database target;
  private final LongConsumer soFar;
  private long copied;

  /**
   * A copy that has not begun.
   *
   * @param soFar told how many rows are copied, from time to time
   */
  TableCopy(
      Transaction from, Database source, Transaction to, Database target, LongConsumer soFar) {
    this.from = from;
    this.source = source;
    this.to = to;
    this.target = target;
    this.soFar = soFar;
  }

  /**
   * Whether the target holds anything. Which key seals it, whoever makes the tables decides; that
   * does not count.
   */
  boolean isFilled() throws SQLException {
    for (StoreTable table : StoreTable.values()) {
      String one = "SELECT 1 FROM " + table.table() + " LIMIT 1";
      if (table != StoreTable.META && to.first(one, row -> true).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /**
   * How many rows each table has, if the target holds exactly what the source does; empty if it
   * holds anything else.
   */
  Optional<Map<StoreTable, Long>> compare() {
    Map<StoreTable, Long> rows = new EnumMap<>(StoreTable.class);
    for (StoreTable table : StoreTable.values()) {
      RowDigest read = new RowDigest();
      pages(from, source, table, page -> page.forEach(read::add));
      rows.put(table, read.rows());
      if (!readBack(table).isSame(read)) {
        return Optional.empty();
      }
    }
    return Optional.of(rows);
  }

  /**
   * Copies.
   *
   * @return how many rows each table has
   */
  Map<StoreTable, Long> run() throws SQLException {
    to.update(StoreTable.META.delete());
    Map<StoreTable, Long> rows = new EnumMap<>(StoreTable.class);
    for (StoreTable table : StoreTable.values()) {
      RowDigest read = new RowDigest();
      pages(from, source, table, page -> put(table, page, read));
      rows.put(table, read.rows());
      if (!readBack(table).isSame(read)) {
        throw new StoreException(
            "the store "
                + target
                + " does not give back what was put into its table "
                + table.table()
                + "; nothing was copied",
            null);
      }
    }
    to.countOn();
    return rows;
  }

  private void put(StoreTable table, List<@Nullable Object[]> page, RowDigest read) {
    page.forEach(read::add);
    try {
      to.insert(table.insert(), page);
    } catch (SQLException e) {
      throw target.trouble(e);
    }
    copied += page.size();
    soFar.accept(copied);
  }

  /** It may take minutes, in which nothing else is asked of the source. */
  private RowDigest readBack(StoreTable table) {
    RowDigest written = new RowDigest();
    pages(
        to,
        target,
        table,
        page -> {
          page.forEach(written::add);
          askSource();
        });
    return written;
  }

  /**
   * Makes sure that the source's transaction, which keeps others from changing it, is still there.
   * Asked now and then it stays so: a connection that nobody uses is cut by whatever stands
   * between.
   *
   * @throws StoreException if it is not
   */
  void askSource() {
    try {
      from.first(ASK, row -> true);
    } catch (SQLException e) {
      throw source.trouble(e);
    }
  }

  private static void pages(
      Transaction side, Database database, StoreTable table, Statements.Page page) {
    try {
      side.pages(table.select(), PAGE, page);
    } catch (SQLException e) {
      throw database.trouble(e);
    }
  }
}
