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

  /**
   * A commit that waits.
   *
   * @param place {@code null} if the spool had none for it
   * @param unsure what is to be written there, and may have arrived though that has failed; {@code
   *     null} if nothing is
   */
  private record Held(
      Lease lease, Commit commit, @Nullable SpoolPlace place, @Nullable Sealed unsure) {

    boolean hasPlace() {
      return place != null && !place.isGone();
    }

    boolean isSpooled() {
      return hasPlace() && unsure == null;
    }
  }

  /**
   * A try to spool.
   *
   * @param held the commit, with its place
   * @param trouble why it has failed; {@code null} if it has not
   */
  private record Spooling(Held held, @Nullable Throwable trouble) {}

  private enum Settled {
    STORED,
    DROPPED,
    STILL_HELD
  }

  private final JdbcTokenStore store;
  private final Spools spools;
  private final List<Held> all = new CopyOnWriteArrayList<>();

  private final SpoolClearing clearing;

  HeldCommits(JdbcTokenStore store, Spools spools) {
    this.store = store;
    this.spools = spools;
    this.clearing = new SpoolClearing(spools);
  }

  List<GrantName> grants() {
    return all.stream().map(held -> held.commit().grant()).toList();
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** How many of them have no place in the spool. */
  int withoutPlace() {
    return (int) all.stream().filter(held -> !held.hasPlace()).count();
  }

  /** Keeps a commit that failed. */
  void hold(Lease lease, Commit commit, Throwable because) {
    Spooling spooling = spool(new Held(lease, commit, null, null));
    Held held = spooling.held();
    all.add(held);
    SpoolPlace place = held.place();
    if (place != null && spooling.trouble() == null) {
      LOG.warn(
          "{}: generation {} could not be stored ({}); it is kept sealed in {} and will be stored"
              + " as soon as the store is back",
          commit.grant(),
          commit.current().number(),
          because.getMessage(),
          place.file().path());
    } else {
      LOG.error(
          "{}: generation {} could not be stored ({}), nor spooled ({}): it is in the memory of"
              + " this process alone. do not stop it; mend the disk",
          commit.grant(),
          commit.current().number(),
          because.getMessage(),
          String.valueOf(spooling.trouble()));
    }
  }

  /**
   * Tries to write it where a try before has failed: the same bytes, so that it spoils nothing of
   * what may have arrived then. Else in a new place.
   */
  private Spooling spool(Held held) {
    Held tried = held;
    try {
      SpoolPlace place = held.place();
      Sealed sealed = sealed(held);
      if (place == null || place.isGone()) {
        SpoolFile file = spools.own();
        place = new SpoolPlace(file, file.take());
      }
      tried = new Held(held.lease(), held.commit(), place, sealed);
      place.write(held.commit().grant(), sealed);
      return new Spooling(new Held(held.lease(), held.commit(), place, null), null);
    } catch (IOException | RuntimeException | Error e) {
      return new Spooling(tried, e);
    }
  }

  private Sealed sealed(Held held) throws IOException {
    Sealing sealing = store.reader().sealing();
    Sealed before = held.unsure();
    if (before != null && before.isOf(sealing.keys().primary())) {
      return before;
    }
    byte[] clear = CommitCodec.encode(held.lease(), held.commit());
    Sealed sealed = sealing.sealForSpool(held.commit().grant(), clear);
    Arrays.fill(clear, (byte) 0);
    return sealed;
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
    clearing.clear(new SpoolPlace(file, torn.slot()), String.valueOf(torn.grant()));
  }

  private void adopt(SpoolFile file, SpoolFile.Content content) {
    try {
      byte[] clear = store.reader().sealing().openFromSpool(content.grant(), content.sealed());
      CommitCodec.Waiting waiting = CommitCodec.decode(clear);
      Arrays.fill(clear, (byte) 0);
      all.add(
          new Held(waiting.lease(), waiting.commit(), new SpoolPlace(file, content.slot()), null));
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
    clearing.clearAgain();
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
      SpoolPlace place = held.place();
      if (place != null && !place.isGone()) {
        clearing.clear(place, held.commit().grant().toString());
      }
    } else if (!held.isSpooled()) {
      spoolLate(held);
    }
    return settled;
  }

  /** The spool may be back before the store is; or somebody has deleted it, to free the disk. */
  private void spoolLate(Held held) {
    Commit commit = held.commit();
    if (!held.hasPlace()) {
      makeRoom();
    }
    Spooling late = spool(held);
    all.set(all.indexOf(held), late.held());
    SpoolPlace place = late.held().place();
    if (place != null && late.trouble() == null) {
      LOG.warn("{}: its new token is kept sealed in {} now", commit.grant(), place.file().path());
    } else {
      LOG.debug("{}: cannot be spooled: {}", commit.grant(), String.valueOf(late.trouble()));
    }
  }

  /** There may be a slot even if there is no space for more of them. */
  private void makeRoom() {
    try {
      spools.reserveBeside(withoutPlace());
    } catch (StoreException e) {
      LOG.debug("{}", e.getMessage());
    }
  }

  private Settled store(Held held) {
    Commit commit = held.commit();
    try {
      return store(held.lease(), commit);
    } catch (StoreException e) {
      LOG.debug("{}: still held: {}", commit.grant(), e.getMessage());
      return Settled.STILL_HELD;
    }
  }

  private Settled store(Lease lease, Commit commit) {
    try {
      store.commit(lease, commit);
      LOG.info("{}: generation {} is stored now", commit.grant(), commit.current().number());
      return Settled.STORED;
    } catch (StaleGenerationException e) {
      LOG.warn(
          "{}: generation {} ({}), held since the store failed, is dropped: {}",
          commit.grant(),
          commit.current().number(),
          commit.current().token().fingerprint(),
          store.findRecord(commit.grant()).isPresent()
              ? "the store has another one that is newer"
              : "the grant was forgotten since, and the store has none of it");
      return Settled.DROPPED;
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
    if (held.place() != null && held.unsure() == null) {
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
