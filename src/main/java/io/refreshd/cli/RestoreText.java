package io.refreshd.cli;

import io.refreshd.daemon.Restoring;
import io.refreshd.grant.Grant;
import io.refreshd.rotation.BackupLabel;
import io.refreshd.rotation.Clocks;
import io.refreshd.rotation.GrantRecord;
import java.time.Duration;
import java.time.Instant;

/** What a restored grant is, in a line. */
final class RestoreText {

  private final Instant now;

  RestoreText(Instant now) {
    this.now = now;
  }

  /** What a backup holds. */
  static String contents(BackupLabel label) {
    return "backup of "
        + label.made()
        + ", "
        + Count.of(label.grants(), "grant")
        + ", log up to entry "
        + label.last();
  }

  String line(Restoring.Restored grant) {
    GrantRecord record = grant.record();
    return record.name()
        + ": generation "
        + record.generation()
        + ", "
        + age(record)
        + ", "
        + left(grant)
        + "; "
        + consequence(grant);
  }

  private String age(GrantRecord record) {
    Instant issuedAt = record.issuedAt();
    return issuedAt == null
        ? "issued nobody knows when"
        : Span.of(Duration.between(issuedAt, now)) + " old";
  }

  private String left(Restoring.Restored restored) {
    GrantRecord record = restored.record();
    Grant grant = restored.grant();
    Instant deadline = grant == null ? record.expiresAt() : Clocks.of(grant, record).deadline();
    if (deadline == null) {
      return "nobody knows how much is left";
    }
    Duration left = Duration.between(now, deadline);
    return left.isNegative() || left.isZero()
        ? "expired for " + Span.of(left.negated())
        : Span.of(left) + " left";
  }

  private static String consequence(Restoring.Restored grant) {
    String withheld = grant.withheld();
    String server =
        switch (grant.server()) {
          case REUSABLE -> "reusable";
          case SINGLE_USE -> "single-use";
          case UNKNOWN -> "not configured";
        };
    if (withheld != null) {
      return server + ", withheld: " + withheld;
    }
    return grant.server() == Restoring.Server.REUSABLE
        ? server + ", goes on: an older token lives on until its own end"
        : server + ", goes on: its token was not used since";
  }
}
