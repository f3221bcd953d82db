package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.StoreException;
import io.refreshd.store.SealingKeyRotation.Step;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals with one key what another one sealed. A token that no key opens stays as it is, and keeps
 * nothing else from being sealed anew.
 */
final class Resealing {

  private static final Logger LOG = LoggerFactory.getLogger(Resealing.class);

  /** How many grants in a transaction: a daemon that rotates one of them waits for its end. */
  private static final int BATCH = 100;

  /**
   * What came of it.
   *
   * @param tokens how many were sealed anew
   * @param damaged the grants whose current token no key opens
   * @param damagedBefore the other grants of which the token before the current one is so
   */
  record Done(int tokens, List<GrantName> damaged, List<GrantName> damagedBefore) {

    static final Done NOTHING = new Done(0, List.of(), List.of());

    Done {
      damaged = List.copyOf(damaged);
      damagedBefore = List.copyOf(damagedBefore);
    }

    /** Whether another key than the present one has sealed nothing that is left. */
    boolean isAll() {
      return damaged.isEmpty() && damagedBefore.isEmpty();
    }
  }

  /** What was found in some grants, or in all of them. */
  private static final class Found {
    private @Nullable GrantName last;
    private int resealed;

    /** How many grants a daemon changed meanwhile. */
    private int missed;

    private final List<GrantName> damaged = new ArrayList<>();
    private final List<GrantName> damagedBefore = new ArrayList<>();

    void add(Found more) {
      last = more.last;
      resealed += more.resealed;
      missed += more.missed;
      damaged.addAll(more.damaged);
      damagedBefore.addAll(more.damagedBefore);
    }
  }

  private final Sealing sealing;
  private final GroupCommit writer;
  private final int primary;

  /**
   * Seals for a store.
   *
   * @param primary the number of the key to seal with
   */
  Resealing(Sealing sealing, GroupCommit writer, int primary) {
    this.sealing = sealing;
    this.writer = writer;
    this.primary = primary;
  }

  /**
   * Goes over all grants, each once, until there was nothing to do all the way: what a daemon
   * changed meanwhile is seen the next time.
   *
   * @param progress is told after each batch; if it throws, this ends there
   */
  Done run(SealingKeyRotation.Progress progress) {
    int resealed = 0;
    Found all;
    do {
      all = new Found();
      Found some;
      do {
        some = reseal(all.last);
        all.add(some);
        if (some.last != null) {
          Step step = some.resealed > 0 ? Step.SOME_RESEALED : Step.SOME_PASSED;
          progress.done(step, resealed + all.resealed);
        }
      } while (some.last != null);
      resealed += all.resealed;
    } while (all.resealed > 0 || all.missed > 0);
    all.damagedBefore.removeAll(Set.copyOf(all.damaged));
    return new Done(resealed, all.damaged, all.damagedBefore);
  }

  private Found reseal(@Nullable GrantName after) {
    return writer.write(true, transaction -> reseal(transaction, after));
  }

  private Found reseal(Transaction transaction, @Nullable GrantName after) throws SQLException {
    Found found = new Found();
    List<SealedTokens> rows =
        transaction.list(
            Sql.SEALED_AFTER,
            SealedTokens::read,
            after == null ? "" : after.tenant(),
            after == null ? "" : after.name(),
            BATCH);
    for (SealedTokens row : rows) {
      found.last = row.grant();
      reseal(transaction, row, found);
    }
    return found;
  }

  private void reseal(Transaction transaction, SealedTokens row, Found found) throws SQLException {
    Sealed before = row.previousToken();
    Sealed token = row.token();
    Sealed newBefore = before;
    int stale = 0;
    if (!token.isOf(primary)) {
      token = sealAnew(row.grant(), row.number(), token, found.damaged);
      stale += token == row.token() ? 0 : 1;
    }
    if (before != null && !before.isOf(primary)) {
      newBefore = sealAnew(row.grant(), row.previous(), before, found.damagedBefore);
      stale += newBefore == before ? 0 : 1;
    }
    if (stale > 0 && replace(transaction, row, token, newBefore)) {
      found.resealed += stale;
    } else if (stale > 0) {
      found.missed++;
    }
  }

  /** The same as it is if no key opens it. */
  private Sealed sealAnew(GrantName grant, int generation, Sealed sealed, List<GrantName> damaged) {
    try {
      return sealing.reseal(primary, grant, generation, sealed);
    } catch (StoreException.Damaged e) {
      LOG.debug("not sealed anew: {}", e.getMessage());
      damaged.add(grant);
      return sealed;
    }
  }

  /** {@code false} if a daemon has changed the row. */
  private static boolean replace(
      Transaction transaction, SealedTokens row, Sealed token, @Nullable Sealed before)
      throws SQLException {
    Sealed read = row.previousToken();
    return transaction.update(
            Sql.RESEAL,
            token.bytes(),
            before == null ? null : before.bytes(),
            row.grant().tenant(),
            row.grant().name(),
            row.token().bytes(),
            read == null ? null : read.bytes())
        == 1;
  }
}
