package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.LogProof;
import io.refreshd.rotation.Node;
import io.refreshd.rotation.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
   * @param wasThere whether an earlier run had copied exactly this already
   * @param proof of the copied log
   */
  public record Result(long grants, long entries, boolean wasThere, LogProof proof) {}

  private static final Logger LOG = LoggerFactory.getLogger(StoreMove.class);

  private final StoreLocation from;
  private final StoreLocation to;
  private final Clock clock;
  private final LongConsumer soFar;
  private Map<StoreTable, Long> rows = Map.of();
  private boolean wasThere;

  /** Whether all is done but the commit. */
  private boolean isReady;

  private boolean isCommitted;

  private StoreMove(StoreLocation from, StoreLocation to, Clock clock, LongConsumer soFar) {
    this.from = from;
    this.to = to;
    this.clock = clock;
    this.soFar = soFar;
  }

  /**
   * Copies one store into another.
   *
   * @param soFar told how many rows are copied, from time to time
   * @throws StoreException if a daemon runs on one of them, the target holds something else, or
   *     anything fails; the target is then as it was, unless the message says that nobody knows
   */
  public static Result run(StoreLocation from, StoreLocation to, Clock clock, LongConsumer soFar) {
    return new StoreMove(from, to, clock, soFar).run();
  }

  private Result run() {
    if (from.base().equals(to.base()) || from.toString().equals(to.toString())) {
      throw new StoreException("both are the store " + from + "; nothing is copied", null);
    }
    refuseMissing();
    try (RunLock source = RunLock.acquire(from);
        RunLock target = RunLock.acquire(to)) {
      refuseHeld();
      copy();
      return new Result(
          rows.getOrDefault(StoreTable.GRANTS, 0L),
          rows.getOrDefault(StoreTable.ROTATION_LOG, 0L),
          wasThere,
          prove());
    }
  }

  private void refuseMissing() {
    if (from instanceof SqliteLocation sqlite && sqlite.isMissing()) {
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
      throw ofAnotherLog(head.path());
    }
    if (!head.lost().all().isEmpty()) {
      throw ofAnotherLog(head.lost().path());
    }
  }

  private static StoreException ofAnotherLog(Path head) {
    return new StoreException(
        head + " is the head of another log; move it away if nobody asks for it", null);
  }

  private void copy() {
    try (Opened source = Opened.of(from, clock);
        Opened target = Opened.of(to, clock)) {
      requireSchema(source);
      refusePutBack(source);
      refuseLive(from, source);
      if (target.reader().schemaVersion() < Migrations.NEWEST) {
        target.database().migrate();
      }
      refuseLive(to, target);
      copy(source, target);
    }
  }

  private void requireSchema(Opened source) {
    int version = source.reader().schemaVersion();
    Migrations.refuseNewer(source.database(), version);
    if (version < Migrations.NEWEST || source.reader().findStoreKey().isEmpty()) {
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
    Optional<LogHead> lost =
        kept.findLost(source.reader())
            .map(LostHead::head)
            .or(() -> kept.findSetAside(source.reader()));
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
            + head.lost().path()
            + " away";
  }

  /** A run lock is of one machine only. */
  private static void refuseLive(StoreLocation location, Opened store) {
    List<String> alive =
        store.reader().nodes().stream().filter(Node::isAlive).map(Node::name).toList();
    if (!alive.isEmpty()) {
      throw new StoreException(
          String.join(", ", alive)
              + ": a daemon is at work there on the store "
              + location
              + "; stop it (one that was killed is taken for dead after "
              + Node.DEAD_AFTER.toSeconds()
              + " s). nothing was copied",
          null);
    }
  }

  private void copy(Opened source, Opened target) {
    try {
      source.write(
          false,
          out -> {
            out.alone(Sql.Alone.EVERYTHING);
            refuseLeased(out, source.reader().now(clock.instant()));
            warnOfOtherSpools(out);
            KeyCopy keys = KeyCopy.of(from, to, source.reader().sealing());
            target.write(
                true,
                in ->
                    fill(
                        new TableCopy(out, source.database(), in, target.database(), soFar),
                        in,
                        keys));
            isCommitted = true;
          });
    } catch (StoreException e) {
      if (!isCommitted) {
        throw isReady ? unknown(e) : e;
      }
      LOG.warn("everything was copied; the way out of the store was lost: {}", e.getMessage());
    }
  }

  private void fill(TableCopy copy, Transaction in, KeyCopy keys) throws SQLException {
    isReady = false;
    in.alone(Sql.Alone.EVERYTHING);
    wasThere = copy.isFilled();
    if (wasThere) {
      rows = copy.compare().orElseThrow(this::inUse);
    } else {
      refuseOtherHead();
      rows = copy.run();
    }
    // last of all: nothing is left behind by what is refused, nor committed after the lock is lost
    copy.askSource();
    keys.make();
    isReady = true;
  }

  private StoreException inUse() {
    return new StoreException(
        "the store " + to + " is in use already; only an empty one can be filled", null);
  }

  private StoreException unknown(StoreException failed) {
    return new StoreException(
        failed.getMessage()
            + "; whether "
            + to
            + " has taken everything is not known: run the same command again, which compares"
            + " both",
        failed);
  }

  /** The spools of other machines cannot be looked into from here. */
  private void warnOfOtherSpools(Transaction out) throws SQLException {
    List<GrantName> presented =
        from instanceof PostgresLocation ? out.list(Sql.PRESENTED, Columns::name) : List.of();
    if (!presented.isEmpty()) {
      LOG.warn(
          "{}: presented to a single-use server, and no outcome is known; the new token may wait in"
              + " the spool of another machine and is not copied then. `refreshd doctor` there,"
              + " with the old configuration and before this, stores it",
          presented.stream().map(GrantName::toString).collect(Collectors.joining(", ")));
    }
  }

  /** A command of another machine may be at it as well. */
  private void refuseLeased(Transaction out, Instant now) throws SQLException {
    Optional<String> busy =
        out.first(
            Sql.FIND_LIVE_LEASE,
            row -> row.name() + ": " + row.text() + " rotates it",
            Micros.of(now),
            Micros.of(now.plus(LeaseEnds.TOO_FAR_OFF)));
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
    new HeadFile(to.base(), Disk.REAL).removeBegun();
    try (Opened target = Opened.of(to, clock)) {
      HeadKeeping head = new HeadKeeping(to.base(), target.reader(), Disk.REAL);
      head.keep(target.reader());
      return new LogCheck(head.file(), target.reader()).run();
    } catch (StoreException e) {
      throw new StoreException(
          "the store "
              + to
              + " has everything, but its log could not be read through: "
              + e.getMessage()
              + "; run the same command again, which compares both",
          e);
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
