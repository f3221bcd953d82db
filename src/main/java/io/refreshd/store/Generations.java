package io.refreshd.store;

import io.refreshd.grant.Generation;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.CircuitChanges;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Standing;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is written about generations, each within the writer's transaction. */
final class Generations {

  /**
   * The sealed tokens of a commit.
   *
   * @param key the number of the key that sealed them
   * @param previous {@code null} if there is none, or it is the store's current one until then
   */
  record Tokens(int key, Sealed current, @Nullable Sealed previous) {

    static Tokens seal(Sealing sealing, int key, Commit commit) {
      Generation previous = commit.previous();
      return new Tokens(
          key,
          sealing.seal(key, commit.grant(), commit.current()),
          previous == null || isShifted(commit)
              ? null
              : sealing.seal(key, commit.grant(), previous));
    }
  }

  private Generations() {}

  /** Whether the generation that is current becomes the previous one: its token stays as sealed. */
  private static boolean isShifted(Commit commit) {
    return commit.previous() != null && commit.previous().number() == commit.expected();
  }

  /**
   * Whether it does what nearly every rotation does: a new token, the one before it kept, an entry
   * in the log.
   */
  static boolean isUsual(Commit commit) {
    return isShifted(commit) && commit.circuits().equals(CircuitChanges.NONE);
  }

  /**
   * Moves a grant on to its new generation.
   *
   * @return whether it did: not if the current generation is another than expected
   */
  static boolean commit(Transaction transaction, Commit commit, Tokens tokens) throws SQLException {
    int moved = transaction.update(statement(commit), values(commit, tokens));
    if (moved == 1) {
      transaction.append(commit.entries());
      CircuitRows.write(transaction, commit.circuits());
    }
    return moved == 1;
  }

  private static String statement(Commit commit) {
    if (commit.expected() == 0) {
      return Sql.INSERT_GRANT;
    }
    return isShifted(commit) ? Sql.SHIFT_GRANT : Sql.ADVANCE_GRANT;
  }

  /** What a {@link #statement} sets and then asks for. */
  private static @Nullable Object[] values(Commit commit, Tokens tokens) {
    List<@Nullable Object> values = new ArrayList<>();
    addGeneration(values, commit.current());
    addGeneration(values, commit.previous());
    addRest(values, commit);
    GrantRows.addTo(values, commit.learned());
    values.add(tokens.current().bytes());
    if (!isShifted(commit)) {
      values.add(tokens.previous() == null ? null : tokens.previous().bytes());
    }
    values.add(commit.grant().tenant());
    values.add(commit.grant().name());
    if (commit.expected() > 0) {
      values.add(commit.expected());
      values.add(commit.expectedFingerprint());
    }
    return values.toArray();
  }

  /**
   * What a {@link #isUsual usual} commit sets, the token and what was learned aside: number,
   * fingerprint and times of the generation, sign-in, next attempt, identity, last attempt and its
   * outcome; then where: tenant, name, the generation that is expected to be current, and its
   * fingerprint. The grant's row itself has the previous generation.
   */
  static List<@Nullable Object> usual(Commit commit) {
    List<@Nullable Object> values = new ArrayList<>();
    addGeneration(values, commit.current());
    addRest(values, commit);
    values.add(commit.grant().tenant());
    values.add(commit.grant().name());
    values.add(commit.expected());
    values.add(commit.expectedFingerprint());
    return values;
  }

  private static void addRest(List<@Nullable Object> values, Commit commit) {
    Standing standing = commit.standing();
    values.add(Micros.ofNullable(commit.signedInAt()));
    values.add(Micros.of(commit.nextAttemptAt()));
    values.add(commit.identity().tenantId());
    values.add(commit.identity().subject());
    values.add(Micros.ofNullable(standing.lastAttemptAt()));
    values.add(standing.lastOutcome() == null ? null : standing.lastOutcome().word());
  }

  private static void addGeneration(
      List<@Nullable Object> values, @Nullable Generation generation) {
    if (generation == null) {
      values.addAll(Collections.nCopies(4, null));
    } else {
      values.add(generation.number());
      values.add(generation.token().fingerprint());
      values.add(Micros.ofNullable(generation.issuedAt()));
      values.add(Micros.ofNullable(generation.expiresAt()));
    }
  }

  /**
   * Whether the store holds the commit's generation already: a transaction whose success could not
   * be told may have succeeded.
   */
  static boolean isThere(Transaction transaction, Commit commit) throws SQLException {
    return transaction
        .first(
            Sql.FIND_GENERATION,
            row -> true,
            commit.grant().tenant(),
            commit.grant().name(),
            commit.current().number(),
            commit.current().token().fingerprint(),
            commit.current().number(),
            commit.current().token().fingerprint())
        .isPresent();
  }

  /**
   * Writes a failed attempt.
   *
   * @return whether it did: not if the current generation is another than the attempt's, or the
   *     lease was lost and an answer since
   */
  static boolean record(Transaction transaction, Lease lease, Attempt attempt) throws SQLException {
    return record(transaction, lease, attempt, Sql.RECORD_ATTEMPT, List.of());
  }

  /**
   * Writes a failed attempt that could not be written at its time.
   *
   * @return whether it did: not if it is there already, or what came after it is
   */
  static boolean recordLate(Transaction transaction, Lease lease, Attempt attempt)
      throws SQLException {
    return record(
        transaction,
        lease,
        attempt,
        Sql.RECORD_ATTEMPT_LATE,
        Arrays.asList(
            lease.grant().tenant(),
            lease.grant().name(),
            lease.id(),
            Micros.ofNullable(attempt.standing().lastAttemptAt())));
  }

  private static boolean record(
      Transaction transaction,
      Lease lease,
      Attempt attempt,
      String sql,
      List<@Nullable Object> further)
      throws SQLException {
    Attempt.Corrected corrected = attempt.corrected();
    RefusalKind kind = attempt.standing().kind();
    List<@Nullable Object> values = new ArrayList<>();
    values.addAll(
        Arrays.asList(
            Micros.of(attempt.nextAttemptAt()),
            Micros.ofNullable(corrected.issuedAt()),
            Micros.ofNullable(corrected.expiresAt()),
            Micros.ofNullable(corrected.signedInAt())));
    GrantRows.addTo(values, corrected.learned());
    GrantRows.addTo(values, attempt.standing());
    values.addAll(
        Arrays.asList(
            attempt.grant().tenant(),
            attempt.grant().name(),
            attempt.generation(),
            attempt.fingerprint(),
            kind == null ? null : kind.word(),
            lease.grant().tenant(),
            lease.grant().name(),
            lease.id()));
    values.addAll(further);
    int changed = transaction.update(sql, values.toArray());
    if (changed == 1) {
      transaction.append(attempt.entries());
      CircuitRows.write(transaction, attempt.circuits());
    }
    return changed == 1;
  }

  /**
   * Removes a grant with its tokens.
   *
   * @return whether there was one
   */
  static boolean remove(Transaction transaction, GrantName grant) throws SQLException {
    return transaction.update(Sql.REMOVE_GRANT, grant.tenant(), grant.name()) == 1;
  }
}
