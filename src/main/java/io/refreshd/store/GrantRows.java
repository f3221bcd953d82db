package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.grant.Identity;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.Standing;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads rows of the grants table. */
final class GrantRows {

  private GrantRows() {}

  /** Reads whether a grant's presentation has no outcome. */
  private interface Unanswered {
    boolean read(Columns row) throws SQLException;
  }

  /** Of {@link Sql#LEASED_COLUMNS}, under the grant's lease. */
  static GrantRecord record(Columns row) throws SQLException {
    return record(row.name(), row, false, Columns::flag);
  }

  /**
   * Of the columns that {@link Sql#FIND_RECORD} selects.
   *
   * @param isOfTheDead whether the lease of that id is of a process that is known to be dead
   */
  static GrantRecord record(Columns row, Predicate<String> isOfTheDead) throws SQLException {
    return record(row.name(), row, false, columns -> isUnanswered(columns, isOfTheDead));
  }

  private static boolean isUnanswered(Columns row, Predicate<String> isOfTheDead)
      throws SQLException {
    boolean isOver = row.flag();
    String lease = row.findText();
    return isOver || (lease != null && isOfTheDead.test(lease));
  }

  /** Of a grant whose other columns are known to hold nothing. */
  static GrantRecord wellRecord(GrantName grant, Columns row) throws SQLException {
    return record(grant, row, true, columns -> false);
  }

  private static GrantRecord record(
      GrantName grant, Columns row, boolean isWell, Unanswered unanswered) throws SQLException {
    return new GrantRecord(
        grant,
        row.integer(),
        row.text(),
        row.findInstant(),
        row.findInstant(),
        row.findInstant(),
        row.instant(),
        new Identity(row.findText(), row.findText()),
        isWell ? Learned.NOTHING : new Learned(findLesson(row), findLesson(row)),
        isWell ? Standing.good(row.findInstant(), row.findWord(Event.class)) : standing(row),
        unanswered.read(row));
  }

  private static Learned.@Nullable Lesson findLesson(Columns row) throws SQLException {
    String code = row.findText();
    if (code == null) {
      row.skip(2);
      return null;
    }
    return new Learned.Lesson(code, row.instant(), row.findDuration());
  }

  /** Adds what {@link #standing} reads, in the order of the columns. */
  static void addTo(List<@Nullable Object> values, Standing standing) {
    Entry.Refusal why = standing.why();
    values.addAll(
        Arrays.asList(
            standing.failures(),
            standing.verdicts(),
            Micros.ofNullable(standing.failingSince()),
            Micros.ofNullable(standing.lastAttemptAt()),
            standing.lastOutcome() == null ? null : standing.lastOutcome().word(),
            why == null ? null : why.kind().word(),
            why == null ? null : why.error(),
            why == null ? null : why.code(),
            why == null ? null : why.suberror(),
            standing.message()));
  }

  /** Adds what was learned, in the order of the columns. */
  static void addTo(List<@Nullable Object> values, Learned learned) {
    addTo(values, learned.issue());
    addTo(values, learned.signIn());
  }

  private static void addTo(List<@Nullable Object> values, Learned.@Nullable Lesson lesson) {
    if (lesson == null) {
      values.addAll(Collections.nCopies(3, null));
    } else {
      values.addAll(
          Arrays.asList(lesson.code(), Micros.of(lesson.at()), Micros.ofNullable(lesson.limit())));
    }
  }

  static Standing standing(Columns row) throws SQLException {
    return new Standing(
        row.integer(),
        row.integer(),
        row.findInstant(),
        row.findInstant(),
        row.findWord(Event.class),
        row.findRefusal(),
        row.findText());
  }
}
