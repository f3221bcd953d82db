package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.BackupLabel;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Sightings;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New tokens out of spools that do not follow what a backup has of their grants, for these had been
 * rotated in between. Where it is the newest token of its grant it is restored all the same: on a
 * single-use server every other one is spent.
 */
final class SpooledAhead {

  private static final Logger LOG = LoggerFactory.getLogger(SpooledAhead.class);

  /**
   * One of them.
   *
   * @param where it is, for a person
   */
  private record Found(CommitCodec.Waiting waiting, String where) {

    int number() {
      return waiting.commit().current().number();
    }
  }

  private final JdbcTokenStore store;
  private final BackupLabel label;
  private final Map<GrantName, Found> newest = new HashMap<>();

  SpooledAhead(JdbcTokenStore store, BackupLabel label) {
    this.store = store;
    this.label = label;
  }

  /**
   * Takes note of one. Of those of a grant only the newest counts.
   *
   * @param where it is, for a person
   */
  void add(CommitCodec.Waiting waiting, String where) {
    newest.merge(
        waiting.commit().grant(),
        new Found(waiting, where),
        (one, other) -> other.number() > one.number() ? other : one);
  }

  /**
   * Stores what is the newest of its grant, and says of the others where they are.
   *
   * @param sightings all that is known of the generations that came after the backup
   */
  void bringIn(Sightings sightings) {
    newest.values().forEach(found -> bringIn(found, sightings));
    newest.clear();
  }

  private void bringIn(Found found, Sightings sightings) {
    Commit commit = found.waiting().commit();
    GrantRecord record = store.findRecord(commit.grant()).orElse(null);
    if (record != null && record.generation() >= found.number()) {
      return;
    }
    String doubt = record == null ? "the backup has no such grant" : findDoubt(commit, sightings);
    if (record == null || doubt != null) {
      LOG.warn(
          "{}: generation {} waits in {} and is not restored: {}",
          commit.grant(),
          found.number(),
          found.where(),
          doubt);
      return;
    }
    var unused = store.commit(found.waiting().lease(), after(record, commit));
    LOG.info(
        "{}: generation {} is restored, the newest, out of {}",
        commit.grant(),
        found.number(),
        found.where());
  }

  /** What a backup has of a grant that was forgotten and imported anew is no older generation. */
  private @Nullable String findDoubt(Commit commit, Sightings sightings) {
    Instant broughtAt = commit.standing().lastAttemptAt();
    return broughtAt == null || broughtAt.isBefore(label.made())
        ? "nothing tells that it is newer than the backup"
        : sightings.findNewer(commit);
  }

  /** What it builds on is not in the backup; the generation that was presented is kept with it. */
  private static Commit after(GrantRecord record, Commit commit) {
    return new Commit(
        commit.grant(),
        record.generation(),
        record.fingerprint(),
        commit.current(),
        commit.previous(),
        commit.signedInAt(),
        commit.nextAttemptAt(),
        commit.identity(),
        commit.learned(),
        commit.circuits(),
        commit.entries());
  }
}
