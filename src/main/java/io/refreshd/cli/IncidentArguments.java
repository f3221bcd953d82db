package io.refreshd.cli;

import io.refreshd.config.Dates;
import io.refreshd.config.Durations;
import io.refreshd.grant.Grant;
import io.refreshd.grant.Selector;
import io.refreshd.grant.Shown;
import io.refreshd.simulation.Incident;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what the options of {@code simulate} say: {@code T+D}, {@code SELECTOR@T} and the like. */
final class IncidentArguments {

  private static final Pattern SPAN = Pattern.compile("(?<at>[^+]+)\\+(?<duration>[^+]+)");
  private static final Pattern JUMP =
      Pattern.compile("(?<at>.+)(?<sign>[+-])(?<duration>P?\\d[^+-]*|P[^+-]+)");
  private static final Pattern WHOSE = Pattern.compile("(?<whose>[^@=]+)@(?<at>[^@+]+)");
  private static final Pattern WHOSE_FOR =
      Pattern.compile("(?<whose>[^@=]+)@(?<at>[^@+]+)(\\+(?<duration>[^+]+))?");
  private static final Pattern POLICY =
      Pattern.compile("(?<whose>[^@=]+)=(?<duration>[^@=]+)@(?<at>[^@+]+)");

  private final List<Grant> grants;
  private final Instant start;

  IncidentArguments(List<Grant> grants, Instant start) {
    this.grants = grants;
    this.start = start;
  }

  Incident outage(String text) {
    Parts parts = new Parts("--outage", SPAN, text, "for example 10d+36h");
    return new Incident.Outage(parts.at(), parts.at().plus(parts.duration()));
  }

  Incident restart(String text) {
    Parts parts = new Parts("--restart", SPAN, text, "for example 10d+2h");
    return new Incident.Downtime(parts.at(), parts.at().plus(parts.duration()));
  }

  Incident clockJump(String text) {
    Parts parts = new Parts("--clock-jump", JUMP, text, "for example 10d+2h or 10d-40d");
    Duration by = parts.duration();
    return new Incident.ClockJump(parts.at(), parts.has("sign", "-") ? by.negated() : by);
  }

  Incident revocation(String text) {
    Parts parts = new Parts("--revoke", WHOSE, text, "for example germany/live@10d");
    return new Incident.Revocation(parts.whose(), parts.at());
  }

  Incident secretExpiry(String text) {
    String example = "for example germany@10d, or germany@10d+3d if it is replaced after 3 days";
    Parts parts = new Parts("--secret-expires", WHOSE_FOR, text, example);
    Instant to = parts.has("duration") ? parts.at().plus(parts.duration()) : Instant.MAX;
    return new Incident.SecretExpiry(parts.whose(), parts.at(), to);
  }

  Incident signInPolicy(String text) {
    Parts parts = new Parts("--sign-in-frequency", POLICY, text, "for example germany=30d@10d");
    return new Incident.SignInPolicy(parts.whose(), parts.duration(), parts.at());
  }

  /** The parts of one argument. */
  private final class Parts {
    private final String option;
    private final String text;
    private final String hint;
    private final Matcher matcher;

    Parts(String option, Pattern pattern, String text, String hint) {
      this.option = option;
      this.text = text;
      this.hint = hint;
      this.matcher = pattern.matcher(text);
      if (!matcher.matches()) {
        throw mistake();
      }
    }

    boolean has(String part) {
      return matcher.group(part) != null;
    }

    boolean has(String part, String value) {
      return value.equals(matcher.group(part));
    }

    /** Not before the start: a play has no past. */
    Instant at() {
      Instant at = time(matcher.group("at"));
      if (at.isBefore(start)) {
        throw new UsageException(
            option + ": \"" + Shown.of(text) + "\" lies before the start, " + start, hint);
      }
      return at;
    }

    Duration duration() {
      try {
        Duration duration = Durations.parse(matcher.group("duration"));
        if (!duration.isZero()) {
          return duration;
        }
      } catch (IllegalArgumentException e) {
        throw mistake();
      }
      throw mistake();
    }

    Selector whose() {
      Selector whose = Selector.parse(matcher.group("whose"));
      if (grants.stream().noneMatch(grant -> whose.matches(grant.name()))) {
        throw new UsageException(
            option + ": no configured grant matches \"" + Shown.of(whose.toString()) + "\"", hint);
      }
      return whose;
    }

    private Instant time(String at) {
      try {
        return at.matches("\\d{4}-.*") ? Dates.parse(at) : start.plus(Durations.parse(at));
      } catch (DateTimeException | IllegalArgumentException e) {
        throw mistake();
      }
    }

    private UsageException mistake() {
      return new UsageException(option + ": \"" + Shown.of(text) + "\" cannot be read", hint);
    }
  }
}
