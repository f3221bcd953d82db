package io.refreshd.store;

import io.refreshd.grant.Generation;
import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Standing;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is written about generations, each within the writer's transaction. */
final class Generations {

  /**
   * The sealed tokens of a commit.
   *
   * @param key the number of the key that sealed them
   * @param previous {@code null} if the store has it already, or there is none
   */
  record Tokens(int key, Sealed current, @Nullable Sealed previous) {

    static Tokens seal(Sealing sealing, int key, Commit commit) {
      Generation previous = commit.previous();
      boolean isNew = previous != null && previous.number() > commit.expected();
      return new Tokens(
          key,
          sealing.seal(key, commit.grant(), commit.current()),
          previous == null || !isNew ? null : sealing.seal(key, commit.grant(), previous));
    }
  }

  private Generations() {}

  /**
   * Moves a grant on to its new generation.
   *
   * @return whether it did: not if the current generation is another than expected
   */
  static boolean commit(Statements transaction, Commit commit, Tokens tokens) throws SQLException {
    Optional<Long> moved = moveOn(transaction, commit);
    if (moved.isEmpty()) {
      return false;
    }
    long grant = moved.get();
    Generation current = commit.current();
    Generation previous = commit.previous();
    insert(transaction, grant, current, tokens.current());
    if (previous != null && tokens.previous() != null) {
      insert(transaction, grant, previous, tokens.previous());
    }
    transaction.update(
        SqliteSql.DELETE_OLDER_GENERATIONS,
        grant,
        current.number(),
        previous == null ? current.number() : previous.number());
    RotationLog.append(transaction, commit.entries());
    return true;
  }

  private static Optional<Long> moveOn(Statements transaction, Commit commit) throws SQLException {
    Generation previous = commit.previous();
    Standing standing = commit.standing();
    @Nullable Object[] values = {
      commit.current().number(),
      previous == null ? null : previous.number(),
      Micros.ofNullable(commit.signedInAt()),
      Micros.of(commit.nextAttemptAt()),
      commit.identity().tenantId(),
      commit.identity().subject(),
      Micros.ofNullable(standing.lastAttemptAt()),
      standing.lastOutcome() == null ? null : standing.lastOutcome().word(),
      commit.grant().tenant(),
      commit.grant().name(),
      commit.expected()
    };
    return commit.expected() == 0
        ? transaction.first(
            SqliteSql.INSERT_GRANT, row -> row.getLong(1), Arrays.copyOf(values, values.length - 1))
        : transaction.first(SqliteSql.ADVANCE_GRANT, row -> row.getLong(1), values);
  }

  private static void insert(
      Statements transaction, long grant, Generation generation, Sealed sealed)
      throws SQLException {
    transaction.update(
        SqliteSql.INSERT_GENERATION,
        grant,
        generation.number(),
        sealed.bytes(),
        generation.token().fingerprint(),
        Micros.ofNullable(generation.issuedAt()),
        Micros.ofNullable(generation.expiresAt()));
  }

  /**
   * Whether the store holds the commit's generation already: a transaction whose success could not
   * be told may have succeeded.
   */
  static boolean isThere(Statements transaction, Commit commit) throws SQLException {
    return transaction
        .first(
            SqliteSql.FIND_GENERATION,
            row -> true,
            commit.grant().tenant(),
            commit.grant().name(),
            commit.current().number(),
            commit.current().token().fingerprint())
        .isPresent();
  }

  /**
   * Writes a failed attempt.
   *
   * @return whether it did: not if the current generation is another than the attempt's
   */
  static boolean record(Statements transaction, Attempt attempt) throws SQLException {
    Standing standing = attempt.standing();
    Entry.Refusal why = standing.why();
    int changed =
        transaction.update(
            SqliteSql.RECORD_ATTEMPT,
            Micros.of(attempt.nextAttemptAt()),
            standing.failures(),
            standing.verdicts(),
            Micros.ofNullable(standing.failingSince()),
            Micros.ofNullable(standing.lastAttemptAt()),
            standing.lastOutcome() == null ? null : standing.lastOutcome().word(),
            why == null ? null : why.kind().word(),
            why == null ? null : why.error(),
            why == null ? null : why.code(),
            why == null ? null : why.suberror(),
            standing.message(),
            attempt.grant().tenant(),
            attempt.grant().name(),
            attempt.generation());
    if (changed == 1) {
      RotationLog.append(transaction, attempt.entries());
    }
    return changed == 1;
  }
}
