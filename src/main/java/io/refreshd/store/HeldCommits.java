package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.StaleGenerationException;
import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commits that the database could not take: in memory, and sealed in a spool file. */
final class HeldCommits implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HeldCommits.class);

  /** Of the ten seconds that a stop may take. */
  private static final Duration LAST_TRIES = Duration.ofSeconds(1);

  /** One round over all that is held: a store that is locked costs each of them its wait. */
  private static final Duration ROUND = Duration.ofSeconds(10);

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

  /** Where in the spool it stands. */
  private record Place(SpoolFile file, int slot) {}

  /**
   * A commit that waits.
   *
   * @param place {@code null} if the spool could not take it either
   */
  private record Held(Lease lease, Commit commit, @Nullable Place place) {}

  private enum Settled {
    STORED,
    DROPPED,
    STILL_HELD
  }

  private final JdbcTokenStore store;
  private final Spools spools;
  private final List<Held> all = new CopyOnWriteArrayList<>();

  HeldCommits(JdbcTokenStore store, Spools spools) {
    this.store = store;
    this.spools = spools;
  }

  List<GrantName> grants() {
    return all.stream().map(held -> held.commit().grant()).toList();
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Keeps a commit that failed. */
  void hold(Lease lease, Commit commit, Throwable because) {
    try {
      Place place = spool(lease, commit);
      all.add(new Held(lease, commit, place));
      LOG.warn(
          "{}: generation {} could not be stored ({}); it is kept sealed in {} and will be stored"
              + " as soon as the store is back",
          commit.grant(),
          commit.current().number(),
          because.getMessage(),
          place.file().path());
    } catch (IOException | RuntimeException | Error e) {
      all.add(new Held(lease, commit, null));
      LOG.error(
          "{}: generation {} could not be stored ({}), nor spooled ({}): it is in the memory of"
              + " this process alone. do not stop it; mend the disk",
          commit.grant(),
          commit.current().number(),
          because.getMessage(),
          e.toString());
    }
  }

  private Place spool(Lease lease, Commit commit) throws IOException {
    SpoolFile file = spools.own();
    byte[] clear = CommitCodec.encode(lease, commit);
    Sealed sealed = store.reader().sealing().sealForSpool(commit.grant(), clear);
    Arrays.fill(clear, (byte) 0);
    return new Place(file, file.write(commit.grant(), sealed));
  }

  /** Holds on behalf of dead processes what stands in their spool files. */
  synchronized void adopt() {
    for (Spools.Found found : spools.adopt()) {
      found.contents().forEach(content -> adopt(found.file(), content));
      found.torn().forEach(torn -> giveUp(found.file(), torn));
    }
  }

  /** Says what a torn slot was, once: there is nothing in it that could be opened. */
  private void giveUp(SpoolFile file, SpoolFile.Torn torn) {
    LOG.error(
        "{}: a new token in {} is torn: the process died while it wrote it, or the disk spoilt it."
            + " the grant goes on with its stored token, or says that it needs consent",
        torn.grant() == null ? "a grant" : torn.grant(),
        file.path());
    clear(new Place(file, torn.slot()), String.valueOf(torn.grant()));
  }

  private void adopt(SpoolFile file, SpoolFile.Content content) {
    try {
      byte[] clear = store.reader().sealing().openFromSpool(content.grant(), content.sealed());
      CommitCodec.Waiting waiting = CommitCodec.decode(clear);
      Arrays.fill(clear, (byte) 0);
      all.add(new Held(waiting.lease(), waiting.commit(), new Place(file, content.slot())));
    } catch (IOException | RuntimeException e) {
      LOG.error(
          "{}: what {} holds of it cannot be read: {}", content.grant(), file.path(), e.toString());
    }
  }

  /**
   * Stores what is held of a grant.
   *
   * @throws StoreException.Unavailable if it must go on waiting
   */
  void settle(GrantName grant) {
    for (Held held : all) {
      if (held.commit().grant().equals(grant) && settle(held) == Settled.STILL_HELD) {
        throw new StoreException.Unavailable(
            grant
                + ": its generation "
                + held.commit().current().number()
                + " still waits to be stored; until then it is not redeemed again",
            null);
      }
    }
  }

  /** Tries to store all, for a while. */
  OpenStore.Flushed flush() {
    return flushUntil(System.nanoTime() + ROUND.toNanos());
  }

  private OpenStore.Flushed flushUntil(long end) {
    List<GrantName> stored = new ArrayList<>();
    List<GrantName> dropped = new ArrayList<>();
    for (Held held : all) {
      if (System.nanoTime() - end > 0) {
        break;
      }
      switch (settle(held)) {
        case STORED -> stored.add(held.commit().grant());
        case DROPPED -> dropped.add(held.commit().grant());
        case STILL_HELD -> LOG.debug("{}: still held", held.commit().grant());
      }
    }
    return new OpenStore.Flushed(stored, dropped, grants());
  }

  private synchronized Settled settle(Held held) {
    if (!all.contains(held)) {
      return Settled.STORED;
    }
    Settled settled = store(held);
    if (settled != Settled.STILL_HELD) {
      all.remove(held);
      Place place = held.place();
      if (place != null && isSpooled(held)) {
        clear(place, held.commit().grant().toString());
      }
    } else if (!isSpooled(held)) {
      spoolLate(held);
    }
    return settled;
  }

  private static boolean isSpooled(Held held) {
    return held.place() != null && !held.place().file().isGone();
  }

  /** The spool may be back before the store is; or somebody has deleted it, to free the disk. */
  private void spoolLate(Held held) {
    Commit commit = held.commit();
    try {
      Place place = spool(held.lease(), commit);
      all.set(all.indexOf(held), new Held(held.lease(), commit, place));
      LOG.warn("{}: its new token is kept sealed in {} now", commit.grant(), place.file().path());
    } catch (IOException | RuntimeException e) {
      LOG.debug("{}: cannot be spooled: {}", commit.grant(), e.toString());
    }
  }

  private Settled store(Held held) {
    Commit commit = held.commit();
    try {
      store.commit(held.lease(), commit);
      LOG.info("{}: generation {} is stored now", commit.grant(), commit.current().number());
      return Settled.STORED;
    } catch (StaleGenerationException e) {
      LOG.warn(
          "{}: generation {} ({}), held since the store failed, is dropped: the store has another"
              + " one that is newer",
          commit.grant(),
          commit.current().number(),
          commit.current().token().fingerprint());
      return Settled.DROPPED;
    } catch (StoreException e) {
      LOG.debug("{}: still held: {}", commit.grant(), e.getMessage());
      return Settled.STILL_HELD;
    }
  }

  private void clear(Place place, String grant) {
    try {
      place.file().clear(place.slot());
      spools.deleteEmptied();
    } catch (IOException e) {
      // no harm: whoever finds it there finds that the store has it
      LOG.warn("{}: its place in the spool cannot be cleared: {}", grant, e.toString());
    }
  }

  @Override
  public void close() {
    long end = System.nanoTime() + LAST_TRIES.toNanos();
    while (!flushUntil(end).held().isEmpty()
        && System.nanoTime() - end < 0
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
    all.forEach(HeldCommits::tellWhereItStays);
    try {
      spools.close();
    } catch (IOException e) {
      LOG.warn("the spool cannot be closed: {}", e.toString());
    }
  }

  private static void tellWhereItStays(Held held) {
    Commit commit = held.commit();
    if (held.place() != null) {
      LOG.error(
          "{}: generation {} could not be stored; it stays sealed in {} until the next start",
          commit.grant(),
          commit.current().number(),
          held.place().file().path());
    } else {
      LOG.error(
          "{}: generation {} could not be stored nor spooled, and is lost with this process",
          commit.grant(),
          commit.current().number());
    }
  }
}
