package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.BackupLabel;
import io.refreshd.rotation.Sighting;
import io.refreshd.rotation.Sightings;
import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What stands at the place of a store that is to be restored, as far as it can be read.
 *
 * @param isThere whether there is a database
 * @param trouble why it cannot be read; {@code null} if it can, or there is none
 * @param store which store it is of, as {@link BackupLabel#store}; {@code null} if nothing tells
 * @param head where the log ended, by the head that is kept apart; {@code null} without a head that
 *     this key has sealed
 */
public record PastStore(
    boolean isThere, @Nullable String trouble, @Nullable String store, @Nullable LogHead head) {

  private static final String WHERE = "the replaced store";
  private static final String WHERE_LOGGED = "the log of the replaced store";

  /** A generation counts as spent if a lease presented it, for that lease has nobody any more. */
  private static final String NEWEST =
      """
      SELECT g.tenant, g.name, g.current, g.fingerprint,
             coalesce(l.unanswered = g.current, 0) OR coalesce(l.presented = g.current, 0)
               OR coalesce(g.kind = 'lost-answer', 0)
      FROM grants g LEFT JOIN leases l ON l.tenant = g.tenant AND l.name = g.name
      """;

  /**
   * What the log tells: a grant that was forgotten is not among the grants, and one that was
   * imported anew after that counts anew. Parameter: the last entry that the backup has.
   */
  private static final String LOGGED =
      """
      SELECT tenant, name, generation, fingerprint, coalesce(kind = 'lost-answer', 0),
             event = 'forgotten'
      FROM rotation_log
      WHERE seq > ? AND tenant IS NOT NULL AND name IS NOT NULL AND generation IS NOT NULL
      """;

  static PastStore at(
      Path place, BackupLabel label, Sealing sealing, Sightings spooled, Sightings sightings) {
    sightings.addAll(spooled);
    LogHead head = findHead(place, sealing);
    if (head != null && head.equals(end(label))) {
      sightings.setComplete();
    }
    if (!Files.exists(place)) {
      return new PastStore(false, null, null, head);
    }
    Sqlite database = new Sqlite(place, StoreMode.READ, Disk.REAL);
    try (Statements past = open(database, place)) {
      Migrations.refuseNewer(database, Migrations.version(past));
      past.each(NEWEST, row -> sightings.add(sighting(row, WHERE)));
      past.each(LOGGED, row -> addLogged(row, sightings), label.last());
      LogHead end = endSince(label, head);
      // without the head of its own log it was put back by hand, and does not know the newest
      if (end != null && end.isIn(past) && reachesFrom(label, past)) {
        sightings.setComplete();
      }
      return new PastStore(true, null, StoreSnapshot.storeId(past), head);
    } catch (SQLException | StoreException e) {
      String trouble = String.valueOf(SqliteTrouble.of(place, e).getMessage());
      return new PastStore(true, trouble, null, head);
    }
  }

  /**
   * Where the log ended after a backup; {@code null} if nobody knows: a head that is missing, or
   * older than the backup, does not tell that what there is was not put back by hand.
   */
  public @Nullable LogHead endSince(BackupLabel label) {
    return endSince(label, head);
  }

  private static @Nullable LogHead endSince(BackupLabel label, @Nullable LogHead head) {
    return head == null || head.seq() < label.last() ? null : head;
  }

  private static LogHead end(BackupLabel label) {
    return label.hash() == null ? LogHead.START : new LogHead(label.last(), label.hash());
  }

  private static boolean reachesFrom(BackupLabel label, Statements past) throws SQLException {
    return label.hash() != null && new LogHead(label.last(), label.hash()).isIn(past);
  }

  private static Statements open(Sqlite database, Path place) throws SQLException {
    try {
      if (ReplacedStore.isDatabase(place)) {
        return database.open();
      }
      throw new StoreException.Damaged("the store " + place + " is no database", null);
    } catch (IOException e) {
      throw new StoreException.Unavailable("the store " + place + " cannot be read: " + e, e);
    }
  }

  private static void addLogged(Columns row, Sightings sightings) throws SQLException {
    Sighting logged = sighting(row, WHERE_LOGGED);
    sightings.add(logged);
    if (row.flag()) {
      sightings.addForgotten(logged.grant());
    }
  }

  private static Sighting sighting(Columns row, String where) throws SQLException {
    GrantName grant = row.name();
    return new Sighting(grant, row.integer(), row.findText(), row.flag(), where);
  }

  private static @Nullable LogHead findHead(Path place, Sealing sealing) {
    try {
      return new HeadFile(place, Disk.REAL)
          .find()
          .filter(kept -> sealing.isSealed(kept.head(), kept.seal()))
          .map(HeadFile.Kept::head)
          .orElse(null);
    } catch (StoreException e) {
      return null;
    }
  }
}
