package io.refreshd.cli;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Clocks;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Standing;
import io.refreshd.rotation.State;
import io.refreshd.rotation.Told;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of grants as a table: a line per grant, and one below it where something is wrong. */
final class StatusTable {

  private static final Duration A_DAY = Duration.ofDays(1);

  private final Console console;
  private final int width;
  private final double scale;

  /**
   * A table.
   *
   * @param grants all that come into it
   */
  StatusTable(Console console, Stream<GrantName> grants) {
    this(console, grants, A_DAY);
  }

  /**
   * A table of another world's time.
   *
   * @param day how long a day takes there
   */
  StatusTable(Console console, Stream<GrantName> grants, Duration day) {
    this.console = console;
    this.width = grants.mapToInt(grant -> grant.toString().length()).max().orElse(5);
    this.scale = (double) A_DAY.toMillis() / day.toMillis();
  }

  String head() {
    return console.paint(
        Console.Paint.DIM, line("GRANT", "STATE", "LIFE", "LEFT", "GEN", "AGE", "NEXT", "LAST"));
  }

  /** A grant's lines. */
  List<String> lines(GrantStatus grant) {
    List<String> lines = new ArrayList<>(List.of(line(grant)));
    for (String more : Arrays.asList(why(grant), clocks(grant))) {
      if (more != null) {
        lines.add(" ".repeat(width + 2) + more);
      }
    }
    return lines;
  }

  private String line(GrantStatus status) {
    GrantRecord record = status.record();
    Clocks clocks = status.clocks();
    String state = String.format(Locale.ROOT, "%-14s", status.state().word());
    if (record == null || clocks == null) {
      return line(status.grant().toString(), paint(status, state), "", "-", "-", "-", "-", "-");
    }
    double left = clocks.lifeLeft(status.at());
    String bar = clocks.deadline() == null ? "" : LifeBar.of(left, console.isUnicode());
    return line(
        status.grant().toString(),
        paint(status, state),
        paint(status, String.format(Locale.ROOT, "%-16s", bar)),
        between(status.at(), clocks.deadline()),
        String.valueOf(record.generation()),
        between(record.issuedAt(), status.at()),
        next(status),
        last(record.standing()));
  }

  private String line(String grant, Object... cells) {
    return String.format(Locale.ROOT, "%-" + width + "s  ", grant)
        + String.format(Locale.ROOT, "%-14s %-16s %8s  %5s %8s %10s  %s", cells).stripTrailing();
  }

  private String next(GrantStatus status) {
    Instant next = status.nextAttemptAt();
    if (next == null) {
      return "-";
    }
    return next.isAfter(status.at()) ? "in " + between(status.at(), next) : "now";
  }

  private static String last(Standing standing) {
    return standing.lastOutcome() == null ? "-" : standing.lastOutcome().word();
  }

  private static @Nullable String why(GrantStatus status) {
    GrantRecord record = status.record();
    if (record == null) {
      return "no token yet: refreshd import " + status.grant();
    }
    if (status.state() == State.UNCONFIGURED) {
      return "no configuration names it, so nobody keeps it alive: put it into the YAML again, or"
          + " refreshd forget "
          + status.grant();
    }
    Standing reason = status.reason();
    RefusalKind kind = reason.kind();
    if (kind != null) {
      return kind.word() + ": " + reason.message();
    }
    return status.isOfUnknownAge()
        ? "nobody knows how old its token is: refreshd rotate " + status.grant()
        : null;
  }

  /** Both clocks, where a limit on sign-ins makes two of them: the one that rules first. */
  private @Nullable String clocks(GrantStatus status) {
    Clocks clocks = status.clocks();
    Clocks.Rule signIn = clocks == null ? null : clocks.signInRule();
    if (clocks == null || signIn == null) {
      return null;
    }
    String limit =
        "(" + signIn.source() + " " + Span.of(scaled(signIn.limit())) + since(signIn) + ")";
    if (clocks.signedInAt() == null) {
      return "sign-in clock unknown "
          + limit
          + "; say when a person last signed in, at the next import: refreshd import "
          + status.grant()
          + " --signed-in-at T";
    }
    String bySignIn = "sign-in " + end(status, clocks.signInExpiresAt()) + " " + limit;
    String byIssue = "token " + end(status, clocks.expiresAt());
    return clocks.ruling() == Told.Which.SIGN_IN
        ? bySignIn + "; " + byIssue
        : byIssue + "; " + bySignIn;
  }

  private static String since(Clocks.Rule rule) {
    Instant since = rule.since();
    return since == null ? "" : ", known since " + since.truncatedTo(ChronoUnit.SECONDS);
  }

  private String end(GrantStatus status, @Nullable Instant end) {
    if (end == null) {
      return "ends at an unknown time";
    }
    return end.isAfter(status.at())
        ? "ends in " + between(status.at(), end)
        : "ended " + between(end, status.at()) + " ago";
  }

  private String paint(GrantStatus status, String text) {
    return console.paint(LifeBar.paint(status.level()), text);
  }

  private String between(@Nullable Instant from, @Nullable Instant to) {
    if (from == null || to == null) {
      return "?";
    }
    return Span.of(scaled(Duration.between(from, to)));
  }

  private Duration scaled(Duration duration) {
    return Duration.ofMillis(Math.round(duration.toMillis() * scale));
  }
}
