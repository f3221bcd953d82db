package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.grant.Identity;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.Standing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows of the grants table. */
final class GrantRows {

  private GrantRows() {}

  static GrantRecord record(ResultSet row) throws SQLException {
    return new GrantRecord(
        new GrantName(row.getString("tenant"), row.getString("name")),
        row.getInt("current"),
        row.getString("fingerprint"),
        Rows.findInstant(row, "issued_at"),
        Rows.findInstant(row, "expires_at"),
        Rows.findInstant(row, "signed_in_at"),
        Rows.instant(row, "next_attempt_at"),
        new Identity(row.getString("identity_tenant"), row.getString("identity_subject")),
        new Learned(lesson(row, "issue"), lesson(row, "sign_in")),
        standing(row),
        row.getBoolean("is_unanswered"));
  }

  private static Learned.@Nullable Lesson lesson(ResultSet row, String clock) throws SQLException {
    String code = row.getString(clock + "_code");
    return code == null
        ? null
        : new Learned.Lesson(
            code,
            Rows.instant(row, clock + "_learned_at"),
            Rows.findDuration(row, clock + "_limit"));
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

  static Standing standing(ResultSet row) throws SQLException {
    return new Standing(
        row.getInt("failures"),
        row.getInt("verdicts"),
        Rows.findInstant(row, "failing_since"),
        Rows.findInstant(row, "last_attempt_at"),
        Rows.findWord(row, "last_outcome", Event.class),
        RotationLog.refusal(row),
        row.getString("message"));
  }
}
