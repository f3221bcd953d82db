package io.refreshd.rotation;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.grant.Identity;
import io.refreshd.rotation.Redemption.Exchange;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns outcomes into what is written: generations, next attempts, log entries. Pure. */
final class Bookkeeping {

  private final RotationPolicy policy;
  private final SkewWatch skew;
  private final Trips trips;

  Bookkeeping(RotationPolicy policy, SkewWatch skew) {
    this.policy = policy;
    this.skew = skew;
    this.trips = new Trips(policy);
  }

  /**
   * A rotation: the generation that was presented last is kept, its successor becomes current.
   *
   * @param redeemed how the last of the tries ended
   */
  Commit rotated(
      Grant grant,
      StoredGrant stored,
      Circuits circuits,
      Trigger trigger,
      List<Presentation> tries,
      Redeemed redeemed) {
    GrantRecord record = stored.record();
    Presentation last = tries.get(tries.size() - 1);
    Instant sentAt = redeemed.exchange().sentAt();
    Generation presented = last.generation();
    Lessons.Left left = Lessons.afterSuccess(record, presented, sentAt);
    Generation next =
        Successors.of(grant, left.learned(), presented, record.generation() + 1, redeemed);
    List<Entry> entries = Entries.failures(grant, trigger, tries);
    entries.add(Entries.success(grant, presented, next, trigger, redeemed));
    if (record.standing().failures() > 0 || !presented.equals(stored.current())) {
      entries.add(Entries.recovered(grant, record.standing(), redeemed));
    }
    addNews(entries, grant, sentAt, null, left.news());
    addSkew(entries, grant, redeemed.exchange());
    return new Commit(
        grant.name(),
        record.generation(),
        record.fingerprint(),
        next,
        presented,
        record.signedInAt(),
        nextAfter(grant, presented, next, redeemed),
        record.identity().or(redeemed.identity()),
        left.learned(),
        new CircuitChanges(
            Trips.refusedCredentials(circuits, tries), circuits.closedBy(grant, last.by(), sentAt)),
        entries);
  }

  /** An import that was redeemed: the imported token is a generation, its successor the next. */
  Commit imported(
      Grant grant,
      @Nullable StoredGrant before,
      Circuits circuits,
      Import imported,
      Grant by,
      Redeemed redeemed) {
    int expected = before == null ? 0 : before.record().generation();
    Instant sentAt = redeemed.exchange().sentAt();
    Lessons.Left left = Lessons.afterImport(grant, before);
    Generation first = generation(grant, expected + 1, imported);
    Generation next = Successors.of(grant, left.learned(), first, expected + 2, redeemed);
    List<Entry> entries = new ArrayList<>();
    entries.add(Entries.imported(grant, first, sentAt));
    addNews(entries, grant, sentAt, null, left.news());
    entries.add(Entries.success(grant, first, next, Trigger.IMPORT, redeemed));
    if (before != null && before.record().standing().failures() > 0) {
      entries.add(Entries.recovered(grant, before.record().standing(), redeemed));
    }
    return new Commit(
        grant.name(),
        expected,
        fingerprint(before),
        next,
        first,
        imported.signedInAt(),
        nextAfter(grant, first, next, redeemed),
        recorded(before, imported).or(redeemed.identity()),
        left.learned(),
        new CircuitChanges(List.of(), circuits.closedBy(grant, by, sentAt)),
        entries);
  }

  /**
   * An import that is not redeemed now. What its predecessor was refused for says nothing of it;
   * what was wrong with its client still is.
   *
   * @param replaced what it takes the place of; {@code null} if there is none that opens
   */
  Commit imported(
      Grant grant,
      @Nullable StoredGrant before,
      Circuits circuits,
      @Nullable Generation replaced,
      Import imported,
      Instant now) {
    int expected = before == null ? 0 : before.record().generation();
    Generation first = generation(grant, expected + 1, imported);
    Instant issuedAt = first.issuedAt();
    Lessons.Left left = Lessons.afterImport(grant, before);
    List<Entry> entries = new ArrayList<>();
    entries.add(Entries.imported(grant, first, now));
    addNews(entries, grant, now, null, left.news());
    return new Commit(
        grant.name(),
        expected,
        fingerprint(before),
        first,
        replaced,
        imported.signedInAt(),
        nextAfter(grant, first, issuedAt == null ? now : issuedAt),
        recorded(before, imported),
        left.learned(),
        new CircuitChanges(List.of(), circuits.ofItsOwn(grant)),
        entries);
  }

  /**
   * A failed attempt: the tokens stay, the next attempt is drawn, what the text teaches is taken
   * down, and what is not the fault of this grant alone opens a circuit.
   */
  Attempt refused(
      Grant grant,
      StoredGrant stored,
      Circuits circuits,
      Trigger trigger,
      List<Presentation> tries,
      Instant now) {
    GrantRecord record = stored.record();
    Refused refused = Presentation.decisive(tries);
    Standing standing = record.standing().failed(refused, now);
    Lessons.Taught taught = Lessons.of(record, refused, now);
    List<Circuit> opened = trips.opened(grant, record, circuits, tries, now);
    List<Entry> entries = Entries.failures(grant, trigger, tries);
    addNews(entries, grant, now, refused.refusal(), taught.news());
    addSkew(entries, grant, refused.exchange());
    return new Attempt(
        grant.name(),
        record.generation(),
        record.fingerprint(),
        taught.corrected(),
        standing,
        next(grant, record.with(taught.corrected()), standing, refused, opened, now),
        new CircuitChanges(opened, List.of()),
        entries);
  }

  /** The witness of a circuit is the one who tries again for all of its grants. */
  private Instant next(
      Grant grant,
      GrantRecord record,
      Standing standing,
      Refused refused,
      List<Circuit> opened,
      Instant now) {
    return opened.stream()
        .map(Circuit::nextAttemptAt)
        .min(Comparator.naturalOrder())
        .orElseGet(() -> policy.afterFailure(grant, record, standing, refused.retryAfter(), now));
  }

  /** What is known otherwise from now on, if anything; {@code told} as {@link Entries#learned}. */
  private static void addNews(
      List<Entry> entries,
      Grant grant,
      Instant at,
      Entry.@Nullable Refusal told,
      List<String> news) {
    if (!news.isEmpty()) {
      entries.add(Entries.learned(grant, at, told, String.join("; ", news)));
    }
  }

  private void addSkew(List<Entry> entries, Grant grant, Exchange exchange) {
    String news = skew.noted(grant, exchange);
    if (news != null) {
      entries.add(Entries.learned(grant, exchange.sentAt(), null, news));
    }
  }

  Entry rejectedImport(Grant grant, Refused refused) {
    return Entries.failure(grant, null, Trigger.IMPORT, refused);
  }

  /**
   * The refusal of an answer that is for another user or tenant than the recorded one; {@code null}
   * if it is not. A single-use server has spent the token for it, so no schedule presents it again.
   */
  @Nullable Refused foreign(Grant grant, @Nullable GrantRecord record, Redeemed redeemed) {
    if (record == null || !record.identity().conflictsWith(redeemed.identity())) {
      return null;
    }
    RefusalKind kind = grant.isSingleUse() ? RefusalKind.LOST_ANSWER : RefusalKind.CONFIGURATION;
    return new Refused(
        new Entry.Refusal(kind, null, null, null),
        Reach.GRANT,
        Told.NOTHING,
        true,
        true,
        "the answer is for another user or tenant ("
            + words(redeemed.identity())
            + ") than this grant's ("
            + words(record.identity())
            + "); the stored token is kept. if that is meant, import it with --new-user",
        null,
        redeemed.exchange());
  }

  /** What an unusable answer of a single-use server means. */
  Refused lost(Refused refused) {
    return refused.as(
        RefusalKind.LOST_ANSWER,
        "the answer of a single-use server was lost ("
            + refused.message()
            + "): the token may be spent, and presenting it again may revoke the grant. enrol anew,"
            + " or try it once more by hand (`refreshd rotate`; after an import, import it again)");
  }

  /** What it means that a lease on a single-use grant ended without an outcome. */
  List<Presentation> lostInACrash(Grant grant, StoredGrant stored, Instant now) {
    Refused lost =
        new Refused(
            new Entry.Refusal(RefusalKind.LOST_ANSWER, null, null, null),
            Reach.GRANT,
            Told.NOTHING,
            false,
            true,
            Standing.LOST_IN_A_CRASH,
            null,
            new Exchange(now, Duration.ZERO, null, null, null, null));
    return List.of(new Presentation(grant, stored.current(), lost));
  }

  /** Whose token an import must be: the recorded user's, unless a person says that it is new. */
  private static Identity recorded(@Nullable StoredGrant before, Import imported) {
    return before == null || imported.newUser() ? Identity.UNKNOWN : before.record().identity();
  }

  private static Generation generation(Grant grant, int number, Import imported) {
    Instant issuedAt = imported.issuedAt();
    return new Generation(
        number,
        imported.token(),
        issuedAt,
        issuedAt == null ? null : issuedAt.plus(grant.lifetime()));
  }

  private static @Nullable String fingerprint(@Nullable StoredGrant before) {
    return before == null ? null : before.record().fingerprint();
  }

  /** From the issue on, or from the redemption that did not begin its clock anew. */
  private Instant nextAfter(Grant grant, Generation generation, Instant from) {
    Instant issuedAt = generation.issuedAt();
    Instant expiresAt = generation.expiresAt();
    return issuedAt == null || expiresAt == null
        ? from
        : policy.afterSuccess(grant, from, Duration.between(issuedAt, expiresAt));
  }

  /**
   * A session that rotation did not extend may yet be extended: one more attempt before its end. A
   * token that comes back is presented by the interval alone.
   */
  private Instant nextAfter(Grant grant, Generation presented, Generation next, Redeemed redeemed) {
    Instant sentAt = redeemed.exchange().sentAt();
    Instant at = nextAfter(grant, next, sentAt);
    Instant end = next.expiresAt();
    return end == null || at.isBefore(end) || Successors.isSame(presented, redeemed)
        ? at
        : policy.afterSuccess(grant, sentAt, Duration.between(sentAt, end));
  }

  private static String words(Identity identity) {
    return "tenant " + known(identity.tenantId()) + ", user " + known(identity.subject());
  }

  private static String known(@Nullable String text) {
    return text == null ? "unknown" : text;
  }
}
