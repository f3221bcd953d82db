package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.grant.Identity;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Standing;
import java.sql.ResultSet;
import java.sql.SQLException;

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
        standing(row),
        row.getBoolean("is_unanswered"));
  }

  private static Standing standing(ResultSet row) throws SQLException {
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
