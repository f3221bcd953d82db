package io.refreshd.store;

import io.refreshd.rotation.LogProof;
import io.refreshd.rotation.StoreException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Copies a whole store into an empty one, whatever databases they are in: tokens sealed as they
 * are, the log with its numbers and hashes. One transaction on either side; before the copy is
 * committed it is read back and compared. The source stays as it is.
 */
public final class StoreMove {

  /**
   * What was copied.
   *
   * @param grants how many
   * @param entries of the rotation log
   * @param proof of the copied log
   */
  public record Result(long grants, long entries, LogProof proof) {}

  private final StoreLocation from;
  private final StoreLocation to;
  private final Clock clock;

  private StoreMove(StoreLocation from, StoreLocation to, Clock clock) {
    this.from = from;
    this.to = to;
    this.clock = clock;
  }

  /**
   * Copies one store into another.
   *
   * @throws StoreException if a daemon runs on one of them, the target holds something, or anything
   *     fails; the target is then as it was
   */
  public static Result run(StoreLocation from, StoreLocation to, Clock clock) {
    return new StoreMove(from, to, clock).run();
  }

  private Result run() {
    if (from.base().equals(to.base()) || from.toString().equals(to.toString())) {
      throw new StoreException("both are the store " + from + "; nothing is copied", null);
    }
    refuseMissing();
    try (RunLock source = RunLock.acquire(from);
        RunLock target = RunLock.acquire(to)) {
      refuseHeld();
      refuseOtherHead();
      copyKey();
      Map<StoreTable, Long> rows = copy();
      new HeadFile(to.base(), Disk.REAL).removeBegun();
      return new Result(
          rows.getOrDefault(StoreTable.GRANTS, 0L),
          rows.getOrDefault(StoreTable.ROTATION_LOG, 0L),
          prove());
    }
  }

  private void refuseMissing() {
    if (from instanceof SqliteLocation sqlite && !Files.exists(sqlite.file())) {
      throw new StoreException("the store " + from + " is not there: nothing to copy", null);
    }
  }

  /** A successor in the spool belongs to the store; it would be left behind. */
  private void refuseHeld() {
    List<SpoolFile.Content> held = new Spools(from.base(), 0, Disk.REAL).contents();
    if (!held.isEmpty()) {
      throw new StoreException(
          held.stream()
                  .map(content -> content.grant().toString())
                  .distinct()
                  .collect(Collectors.joining(", "))
              + ": a new token waits in the spool for the store "
              + from
              + "; any command that writes stores it, for example: refreshd doctor",
          null);
    }
  }

  /** It proves what became of a log that is not there any more. */
  private void refuseOtherHead() {
    HeadFile head = new HeadFile(to.base(), Disk.REAL);
    if (head.find().filter(kept -> kept.head().seq() > 0).isPresent()) {
      throw new StoreException(
          head.path() + " is the head of another log; move it away if nobody asks for it", null);
    }
  }

  /** What is sealed stays so: the target needs the very key. */
  private void copyKey() {
    KeyFile source = new KeyFile(from.keyFile(), Disk.REAL);
    KeyFile target = new KeyFile(to.keyFile(), Disk.REAL);
    if (from.keyFile().equals(to.keyFile())) {
      return;
    }
    Keyring keys = source.load();
    if (!Files.exists(to.keyFile())) {
      target.create(keys);
    } else if (!target.load().numbers().containsAll(keys.numbers())) {
      throw new StoreException.WrongKey(
          "the key file "
              + to.keyFile()
              + " does not hold the key of the store "
              + from
              + "; take it away, or name "
              + from.keyFile()
              + " in store.key",
          null);
    }
  }

  private Map<StoreTable, Long> copy() {
    try (Opened source = Opened.of(from, clock);
        Opened target = Opened.of(to, clock)) {
      requireSchema(source);
      refusePutBack(source);
      if (target.reader().schemaVersion() < Migrations.NEWEST) {
        target.database().migrate();
      }
      return copy(source, target);
    }
  }

  private void requireSchema(Opened source) {
    int version = source.reader().schemaVersion();
    Migrations.refuseNewer(source.database(), version);
    if (version < Migrations.NEWEST) {
      throw new StoreException(
          "the store "
              + from
              + " is empty, or of an older refreshd; any command that writes brings it up to date,"
              + " for example: refreshd doctor",
          null);
    }
  }

  /** The head that tells of it would stay behind. */
  private void refusePutBack(Opened source) {
    RestoredHead.settle(from.base(), source.reader());
    HeadKeeping kept = new HeadKeeping(from.base(), source.reader(), Disk.REAL);
    Optional<LogHead> lost = kept.findLost();
    if (lost.isPresent()) {
      throw new StoreException(
          "the store "
              + from
              + " is older than its rotation log has been: entry "
              + lost.get().seq()
              + " was written and is not there, so tokens of single-use servers may be spent."
              + " nothing is copied. settle it first: "
              + howToSettle(kept.file()),
          null);
    }
  }

  private String howToSettle(HeadFile head) {
    return from instanceof SqliteLocation
        ? "`refreshd backup FILE`, then `refreshd restore --force FILE`, which withholds them"
        : "start `refreshd run` on it, which withholds them, stop it, and move "
            + head.path()
            + " away";
  }

  private Map<StoreTable, Long> copy(Opened source, Opened target) {
    Map<StoreTable, Long> rows = new EnumMap<>(StoreTable.class);
    source.write(
        false,
        out -> {
          out.alone(Sql.Alone.EVERYTHING);
          refuseLeased(out, source.reader().now(clock.instant()));
          target.write(true, in -> rows.putAll(new TableCopy(out, in, target.database()).run()));
        });
    return rows;
  }

  /** A run lock is of one machine only. */
  private void refuseLeased(Transaction out, Instant now) throws SQLException {
    Optional<String> busy =
        out.first(
            Sql.FIND_LIVE_LEASE,
            row -> row.name() + ": " + row.text() + " rotates it",
            Micros.of(now));
    if (busy.isPresent()) {
      throw new StoreException(
          busy.get()
              + " in the store "
              + from
              + "; stop every daemon on it, or wait a minute if it is dead",
          null);
    }
  }

  /** Reads the copied log from its beginning to its end, and writes down where it ends. */
  private LogProof prove() {
    try (Opened target = Opened.of(to, clock)) {
      HeadKeeping head = new HeadKeeping(to.base(), target.reader(), Disk.REAL);
      head.keep();
      return new LogCheck(head.file(), target.reader()).run();
    }
  }

  /** A database that is open to be copied as a whole. */
  private record Opened(Database database, StoreReader reader) implements AutoCloseable {

    static Opened of(StoreLocation location, Clock clock) {
      Database database = Database.at(location, StoreMode.WRITE, Disk.REAL);
      return new Opened(
          database, new StoreReader(database, new KeyFile(location.keyFile(), Disk.REAL), clock));
    }

    void write(boolean durable, Session.Work work) {
      try {
        Session session = database.session("migrate-store");
        try {
          session.write(durable, work);
        } finally {
          session.close();
        }
      } catch (SQLException e) {
        throw database.trouble(e);
      }
    }

    @Override
    public void close() {
      try {
        database.close();
      } catch (SQLException e) {
        throw database.trouble(e);
      }
    }
  }
}
