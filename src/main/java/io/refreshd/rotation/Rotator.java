package io.refreshd.rotation;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotates grants. The timer, a retry, {@code refreshd rotate} and an import all come this way.
 * Threads may share it; the lease keeps them, and other processes, off the same grant.
 */
public final class Rotator {

  private static final Logger LOG = LoggerFactory.getLogger(Rotator.class);

  private final TokenStore store;
  private final RotationPolicy policy;
  private final RotationListener listener;
  private final Clock clock;
  private final Bookkeeping books;
  private final Presenter presenter;

  public Rotator(
      TokenStore store,
      TokenRedeemer redeemer,
      RotationPolicy policy,
      RotationListener listener,
      Clock clock) {
    this(store, redeemer, policy, listener, new SkewWatch(), clock);
  }

  /**
   * @param skew takes note of what the servers' answers show of this machine's clock
   */
  public Rotator(
      TokenStore store,
      TokenRedeemer redeemer,
      RotationPolicy policy,
      RotationListener listener,
      SkewWatch skew,
      Clock clock) {
    this.store = store;
    this.policy = policy;
    this.listener = listener;
    this.clock = clock;
    this.books = new Bookkeeping(policy, skew);
    this.presenter = new Presenter(redeemer, books, clock);
  }

  /**
   * Rotates the grant if it is due.
   *
   * @throws StoreException if the store fails; before the redemption nothing is spent, after it the
   *     successor is held
   */
  public Outcome rotate(Grant grant, Trigger trigger) {
    return new Begun(grant, trigger, null).end(Rotator::nothing);
  }

  /**
   * Begins a rotation: asks for the lease and does not wait for it, so that a thread may do so
   * while the last grant's successor is being committed. What has begun is to be ended, or given
   * back.
   */
  public Begun begin(Grant grant, Trigger trigger) {
    // a single-use token is marked when it is about to be presented: nothing else may hold it up
    return new Begun(
        grant, trigger, grant.isSingleUse() ? null : store.leaseAhead(terms(grant, false)));
  }

  /** A rotation that has begun; for one thread, once. */
  public final class Begun {
    private final Grant grant;
    private final Trigger trigger;
    private final @Nullable Supplier<Optional<Leased>> ahead;

    private Begun(Grant grant, Trigger trigger, @Nullable Supplier<Optional<Leased>> ahead) {
      this.grant = grant;
      this.trigger = trigger;
      this.ahead = ahead;
    }

    /**
     * Rotates the grant if it is due: leases it and reads it under the lease, decides, redeems,
     * commits, tells.
     *
     * @param beforeCommit done once the new token is here and before it is written, where the next
     *     rotation may begin; it may not wait for anything
     * @throws StoreException as {@link Rotator#rotate} does
     */
    public Outcome end(Runnable beforeCommit) {
      Optional<Leased> leased = lease();
      while (leased.isPresent() && isLost(leased.get())) {
        Outcome lost = recordLost(leased.get());
        if (trigger != Trigger.MANUAL) {
          return lost;
        }
        LOG.warn(
            "{}: the answer to its last redemption was lost, so its token may be spent; you ask for"
                + " it, so the token is presented once more",
            grant.name());
        leased = store.lease(terms(grant, grant.isSingleUse()));
      }
      return leased.isEmpty() ? new Outcome.Busy(grant.name()) : end(leased.get(), beforeCommit);
    }

    private Outcome end(Leased leased, Runnable beforeCommit) {
      try (Held held = new Held(leased.lease())) {
        StoredGrant stored = leased.stored();
        if (stored == null) {
          return new Outcome.Skipped(
              grant.name(),
              "no token yet; bring one in with `refreshd import " + grant.name() + "`");
        }
        Circuits circuits = circuitsOf(grant, leased);
        Decision decision =
            policy.decide(grant, stored.record(), circuits, trigger, clock.instant());
        if (!decision.due()) {
          return new Outcome.Skipped(grant.name(), decision.reason());
        }
        // before it counts as spent: a token that does not open is not presented to anybody
        Generation current = stored.current();
        if (!presenter.isTimeLeft(held.lease)) {
          return stoodStill(grant);
        }
        List<Presentation> tries =
            presenter.present(grant, stored, current, circuits, held.spend());
        return last(tries).redemption() instanceof Redeemed redeemed
            ? keep(
                held,
                books.rotated(grant, stored, circuits, trigger, tries, redeemed),
                beforeCommit)
            : refuse(held, grant, stored, circuits, trigger, tries);
      }
    }

    /** Whether whoever had it leased before died with its token presented, and that spends it. */
    private boolean isLost(Leased leased) {
      StoredGrant stored = leased.stored();
      return stored != null && stored.record().unanswered() && grant.isSingleUse();
    }

    /** By itself, before anything else is done: a kill must not undo that it is known. */
    private Outcome recordLost(Leased leased) {
      try (Held held = new Held(leased.lease())) {
        StoredGrant stored = Objects.requireNonNull(leased.stored());
        List<Presentation> lost = books.lostInACrash(grant, stored, clock.instant());
        return refuse(held, grant, stored, circuitsOf(grant, leased), trigger, lost);
      }
    }

    /** Does not rotate it after all. */
    public void giveBack() {
      if (ahead != null) {
        ahead.get().ifPresent(leased -> store.release(leased.lease()));
      }
    }

    private Optional<Leased> lease() {
      Optional<Leased> leased = ahead == null ? Optional.empty() : ahead.get();
      if (ahead != null && (leased.isEmpty() || presenter.isTimeLeft(leased.get().lease()))) {
        return leased;
      }
      // the commit before it may have taken so long that no exchange ends within the lease
      leased.ifPresent(late -> store.release(late.lease()));
      return store.lease(terms(grant, grant.isSingleUse()));
    }
  }

  /**
   * Brings a token in from outside. It is redeemed at once, so that the issue time of its successor
   * is known exactly; if that fails nothing is stored.
   */
  public Outcome bringIn(Grant grant, Import imported) {
    Optional<Leased> leased = store.lease(terms(grant, false));
    if (leased.isEmpty()) {
      return new Outcome.Busy(grant.name());
    }
    try (Held held = new Held(leased.get().lease())) {
      StoredGrant before = leased.get().stored();
      Circuits circuits = circuitsOf(grant, leased.get());
      if (!imported.redeem()) {
        Generation replaced = before == null ? null : replaced(before);
        return keep(
            held,
            books.imported(grant, before, circuits, replaced, imported, clock.instant()),
            Rotator::nothing);
      }
      GrantRecord known = before == null || imported.newUser() ? null : before.record();
      Generation brought = new Generation(1, imported.token(), null, null);
      if (!presenter.isTimeLeft(held.lease)) {
        return stoodStill(grant);
      }
      Presentation last = last(presenter.present(grant, known, brought, circuits, held.lease));
      return last.redemption() instanceof Redeemed redeemed
          ? keep(
              held,
              books.imported(grant, before, circuits, imported, last.by(), redeemed),
              Rotator::nothing)
          : rejectImport(held, grant, (Refused) last.redemption());
    }
  }

  /** What an import takes the place of; {@code null} if it does not open: nobody misses it. */
  private static @Nullable Generation replaced(StoredGrant before) {
    try {
      return before.current();
    } catch (StoreException.Damaged e) {
      LOG.warn("{} (it makes room for the imported one)", e.getMessage());
      return null;
    }
  }

  /** Somebody else may have the grant since, and have spent the token: it is not presented. */
  private static Outcome stoodStill(Grant grant) {
    LOG.warn(
        "{}: this process, or its store, stood still after it leased the grant, or its clock was"
            + " set; so nothing is presented under that lease, and it is tried again",
        grant.name());
    return new Outcome.Busy(grant.name());
  }

  /** Where no next rotation waits. */
  private static void nothing() {}

  private static Presentation last(List<Presentation> tries) {
    return tries.get(tries.size() - 1);
  }

  private Outcome keep(Held held, Commit commit, Runnable beforeCommit) {
    try {
      beforeCommit.run();
    } catch (RuntimeException | Error e) {
      // whatever it is: the new token is here, and comes first
      tellOfNext(commit, e);
    }
    TokenStore.Kept kept = store.commit(held.spend(), commit);
    commit.entries().forEach(entry -> tell(entry, kept));
    return new Outcome.Rotated(
        commit.grant(),
        commit.current().number(),
        commit.current().expiresAt(),
        commit.nextAttemptAt(),
        kept);
  }

  private Outcome refuse(
      Held held,
      Grant grant,
      StoredGrant stored,
      Circuits circuits,
      Trigger trigger,
      List<Presentation> tries) {
    Instant now = clock.instant();
    Attempt attempt = books.refused(grant, stored, circuits, trigger, tries, now);
    TokenStore.Kept kept = store.record(held.spend(), attempt);
    attempt.entries().forEach(entry -> tell(entry, kept));
    GrantRecord after = stored.record().after(attempt);
    return new Outcome.Failed(
        grant.name(),
        Presentation.decisive(tries),
        GrantStatus.of(grant, after, circuits.after(attempt.circuits()), now).state(),
        attempt.nextAttemptAt());
  }

  private Outcome rejectImport(Held held, Grant grant, Refused refused) {
    store.release(held.spend());
    Entry entry = books.rejectedImport(grant, refused);
    store.append(entry);
    tell(entry, TokenStore.Kept.STORED);
    Circuits circuits = store.circuitsOf(List.of(grant));
    State state =
        store
            .findRecord(grant.name())
            .map(record -> GrantStatus.of(grant, record, circuits, clock.instant()).state())
            .orElse(State.NEW);
    return new Outcome.Failed(grant.name(), refused, state, clock.instant());
  }

  private static void tellOfNext(Commit commit, Throwable thrown) {
    try {
      LOG.error(
          "{}: what goes beside its commit has failed: {}", commit.grant(), thrown.toString());
    } catch (RuntimeException | Error e) {
      // without memory it cannot even be told
    }
  }

  /** Bystanders cannot break a rotation that is already safe. */
  private void tell(Entry entry, TokenStore.Kept kept) {
    try {
      listener.told(entry, kept);
    } catch (RuntimeException e) {
      LOG.warn("{}: could not be told: {}", entry.grant(), e.toString());
    }
  }

  private Circuits circuitsOf(Grant grant, Leased leased) {
    return leased.isAnyCircuitOpen() ? store.circuitsOf(List.of(grant)) : Circuits.NONE;
  }

  private LeaseTerms terms(Grant grant, boolean marksPresented) {
    Instant now = clock.instant();
    return new LeaseTerms(grant.name(), now, now.plus(Lease.LONGEST), marksPresented);
  }

  /**
   * A lease that is released if nothing was done under it. Once a token was presented only the
   * outcome ends it: if none can be written, the lease and its mark stay until their time, and tell
   * the next reader so.
   */
  private final class Held implements AutoCloseable {
    private final Lease lease;
    private boolean spent;

    Held(Lease lease) {
      this.lease = lease;
    }

    Lease spend() {
      spent = true;
      return lease;
    }

    @Override
    public void close() {
      if (!spent) {
        store.release(lease);
      }
    }
  }
}
