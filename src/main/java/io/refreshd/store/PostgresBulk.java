package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.LeaseTerms;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a kind in one statement, as arrays, and what goes together in one round trip. Rows
 * are always taken in the order of the names, so that daemons wait for each other rather than get
 * stuck.
 */
final class PostgresBulk implements Bulk {

  private static final Comparator<GrantName> ORDER =
      Comparator.comparing(GrantName::tenant).thenComparing(GrantName::name);

  private static final Rows TAKES = new Rows("tenant text, name text, lease text, lasts int8");
  private static final Rows TAKEN = new Rows("no int4, tenant text, name text, lease text");
  private static final Rows MARKS = new Rows("tenant text, name text, lease text");

  /**
   * What is leased is passed over, not waited for: so nobody waits for a row that another holds
   * until its end, but who is about to lease the same. When a lease ends is reckoned here, by the
   * clock that all share: who asks may have stood still since. Parameters: owner; the rows.
   */
  private static final String TAKE =
      """
      INSERT INTO leases AS l (tenant, name, lease, owner, until)
      SELECT w.tenant, w.name, w.lease, ?::text, NOW + w.lasts
      FROM %s
      WHERE NOT EXISTS (SELECT 1 FROM leases o
                        WHERE o.tenant = w.tenant AND o.name = w.name
                          AND o.until IS NOT NULL AND o.lease <> w.lease)
      ON CONFLICT (tenant, name) DO UPDATE
      SET lease = excluded.lease, owner = excluded.owner, until = excluded.until, presented = NULL
      WHERE l.until IS NULL OR l.lease = excluded.lease
      """
          .replace("NOW", PostgresSql.NOW)
          .replace("%s", TAKES.toString());

  /** By itself, after the lease is taken: what the lease had to wait for is seen only then. */
  private static final String MARK =
      """
      UPDATE leases l SET presented = g.current
      FROM %s, grants g
      WHERE l.tenant = w.tenant AND l.name = w.name AND l.lease = w.lease
        AND g.tenant = w.tenant AND g.name = w.name
      """
          .replace("%s", MARKS.toString());

  /** By itself for the same reason. */
  private static final String READ =
      "SELECT w.no, "
          + Sql.IS_ANY_CIRCUIT_OPEN
          + ", g.current, "
          + Sql.LEASED_COLUMNS
          + """
      , g.token
      FROM %s
      JOIN leases l ON l.tenant = w.tenant AND l.name = w.name AND l.lease = w.lease
      LEFT JOIN grants g ON g.tenant = w.tenant AND g.name = w.name
      """
              .replace("%s", TAKEN.toString());

  private static final String WELL =
      "seq int8, at int8, tenant text, name text, event text, trigger text, generation int4,"
          + " issued_at int8, expires_at int8, duration int8, http_status int4,"
          + " correlation_id text, trace_id text, message text, fingerprint text, node text,"
          + " hash text";

  private static final Rows WELL_ENTRIES = new Rows(WELL);

  private static final Rows ENTRIES =
      new Rows(WELL + ", kind text, error text, code text, suberror text");

  private static final String LOCK_LOG = PostgresSql.ALONE.replace("TABLE", "rotation_log");

  private static final String LOG =
      "INSERT INTO rotation_log (" + Sql.LOGGED + ") SELECT * FROM " + ENTRIES;

  private static final String LOG_WELL =
      "INSERT INTO rotation_log (" + Sql.LOGGED_WELL + ") SELECT * FROM " + WELL_ENTRIES;

  @Override
  public Done all(Statements on, Asked asked) throws SQLException {
    RoundTrip all = new RoundTrip();
    PostgresMoves moves = new PostgresMoves(asked.moves());
    List<@Nullable Seen> seen = new ArrayList<>(Collections.nCopies(asked.takes().size(), null));
    LogHead[] end = {LogHead.START};
    moves.addTo(all, on);
    if (!asked.takes().isEmpty()) {
      take(all, on, asked.takes(), seen);
    }
    if (asked.locksLog()) {
      lockLog(all, end);
    }
    if (asked.ends()) {
      all.runAlone(on);
    } else {
      all.run(on);
    }
    return new Done(moves.done(on), seen, asked.locksLog() ? end[0] : null, asked.ends());
  }

  private static void take(
      RoundTrip all, Statements on, List<Take> takes, List<@Nullable Seen> seen)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    List<@Nullable Object[]> marks = new ArrayList<>();
    List<@Nullable Object[]> taken = new ArrayList<>();
    for (int no : places(takes, take -> take.terms().grant())) {
      LeaseTerms terms = takes.get(no).terms();
      String tenant = terms.grant().tenant();
      String name = terms.grant().name();
      String lease = takes.get(no).lease().id();
      rows.add(new Object[] {tenant, name, lease, Leases.lasts(terms)});
      taken.add(new Object[] {no, tenant, name, lease});
      if (terms.marksPresented()) {
        marks.add(new Object[] {tenant, name, lease});
      }
    }
    // all of them are of this process
    all.with(TAKE, parameters(takes.get(0).owner(), TAKES.columns(on, rows)));
    if (!marks.isEmpty()) {
      all.with(MARK, MARKS.columns(on, marks));
    }
    all.asking(READ, row -> see(row, seen), TAKEN.columns(on, taken));
  }

  private static @Nullable Object[] parameters(Object first, @Nullable Object[] columns) {
    @Nullable Object[] all = new Object[columns.length + 1];
    all[0] = first;
    System.arraycopy(columns, 0, all, 1, columns.length);
    return all;
  }

  private static void see(Columns row, List<@Nullable Seen> seen) throws SQLException {
    int no = row.integer();
    boolean isAnyCircuitOpen = row.flag();
    boolean isThere = row.findNumber() != null;
    seen.set(no, new Seen(isThere ? SealedGrant.read(row) : null, isAnyCircuitOpen));
  }

  @Override
  public LogHead lockLog(Statements on) throws SQLException {
    RoundTrip all = new RoundTrip();
    LogHead[] end = {LogHead.START};
    lockLog(all, end);
    all.run(on);
    return end[0];
  }

  /** Where it ends is asked by itself, so that it is so once the lock is had. */
  private static void lockLog(RoundTrip all, LogHead[] end) {
    all.asking(LOCK_LOG, locked -> {});
    all.asking(Sql.LAST_LOGGED, row -> end[0] = LogHead.read(row));
  }

  /** Puts rows into the rotation log. */
  static void log(RoundTrip all, Statements on, List<@Nullable Object[]> rows) throws SQLException {
    boolean isWell = rows.stream().allMatch(RotationLog::isWell);
    all.with(isWell ? LOG_WELL : LOG, (isWell ? WELL_ENTRIES : ENTRIES).columns(on, rows));
  }

  /** The places in a list, in the order of the grants' names. */
  static <T> List<Integer> places(List<T> list, Function<T, GrantName> grant) {
    List<Integer> places = new ArrayList<>();
    for (int place = 0; place < list.size(); place++) {
      places.add(place);
    }
    places.sort(Comparator.comparing(place -> grant.apply(list.get(place)), ORDER));
    return places;
  }
}
