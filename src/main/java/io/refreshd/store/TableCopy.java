package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies every row of every table within a transaction on either side, and reads it back. */
final class TableCopy {

  /** By so many rows at once; few enough that neither side waits for long. */
  private static final int PAGE = 500;

  private final Transaction from;
  private final Transaction to;
  private final Database target;

  TableCopy(Transaction from, Transaction to, Database target) {
    this.from = from;
    this.to = to;
    this.target = target;
  }

  /**
   * Copies.
   *
   * @return how many rows each table has
   */
  Map<StoreTable, Long> run() throws SQLException {
    to.alone(Sql.Alone.EVERYTHING);
    for (StoreTable table : StoreTable.values()) {
      refuseFilled(table);
    }
    to.update(StoreTable.META.delete());
    Map<StoreTable, Long> rows = new EnumMap<>(StoreTable.class);
    for (StoreTable table : StoreTable.values()) {
      RowDigest read = new RowDigest();
      from.pages(table.select(), PAGE, page -> put(table, page, read));
      RowDigest written = new RowDigest();
      to.pages(table.select(), PAGE, page -> page.forEach(written::add));
      if (!written.isSame(read)) {
        throw new StoreException(
            "the store "
                + target
                + " does not give back what was put into its table "
                + table.table()
                + "; nothing was copied",
            null);
      }
      rows.put(table, read.rows());
    }
    to.countOn();
    return rows;
  }

  private void put(StoreTable table, List<@Nullable Object[]> page, RowDigest read)
      throws SQLException {
    page.forEach(read::add);
    to.insert(table.insert(), page);
  }

  private void refuseFilled(StoreTable table) throws SQLException {
    String one =
        table == StoreTable.META
            ? "SELECT 1 FROM meta WHERE primary_key IS NOT NULL"
            : "SELECT 1 FROM " + table.table() + " LIMIT 1";
    if (to.first(one, row -> true).isPresent()) {
      throw new StoreException(
          "the store " + target + " is in use already; only an empty one can be filled", null);
    }
  }
}
