package io.refreshd.rotation;

import io.refreshd.rotation.Alert.Concern;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The words of alerts: what happened, why, what to do next, until when. */
final class AlertWords {

  private static final String RELOAD = "; then reload: systemctl reload refreshd";

  private AlertWords() {}

  static Concern of(Topic topic, GrantCase grant) {
    return new Concern(
        grant.name(),
        what(topic, grant),
        why(topic, grant),
        next(topic, grant),
        grant.until(topic));
  }

  static Concern credential(CredentialStatus credential, Instant end, Instant now) {
    String users =
        credential.grants().size() == 1
            ? "1 grant uses it: " + credential.grants().get(0)
            : credential.grants().size() + " grants use it";
    return new Concern(
        credential.client(),
        "its " + credential.label() + " " + ends(end, now),
        users,
        "make a new one in the app registration, put it behind its reference in the configuration"
            + RELOAD,
        end);
  }

  static Concern clockSkew(String authority, Duration ahead) {
    return new Concern(
        authority,
        "this machine's clock is "
            + span(ahead.abs())
            + (ahead.isNegative() ? " ahead of" : " behind")
            + " the server's",
        "deadlines are reckoned by this machine's clock, and client assertions hang on it",
        "check the time service: timedatectl, chronyc tracking",
        null);
  }

  /** That it is over, for whom it was told. */
  static Concern over(Topic topic, String subject) {
    return new Concern(subject, topic.over(), null, null, null);
  }

  /** One line on all: whom the first is about, how many others there are, and what it is. */
  static String title(Concern first, int all) {
    String others =
        switch (all) {
          case 1 -> "";
          case 2 -> " and 1 other";
          default -> " and " + (all - 1) + " others";
        };
    return first.subject() + others + ": " + first.what();
  }

  private static String what(Topic topic, GrantCase grant) {
    return switch (topic) {
      case NEEDS_CONSENT, BLOCKED, CIRCUIT -> advice(grant).cause() + code(grant) + expired(grant);
      case LOST_ANSWER -> Advice.MAY_BE_SPENT + expired(grant);
      case EXPIRED ->
          grant.endedClock() == Topic.SIGN_IN_CLOCK
              ? "expired: its sign-in is too old"
              : "expired: its refresh token is too old";
      case ISSUE_CLOCK -> "its refresh token " + ends(grant.clocks().expiresAt(), grant.now());
      case SIGN_IN_CLOCK -> "its sign-in " + ends(grant.clocks().signInExpiresAt(), grant.now());
      case RETRYING ->
          "every attempt has failed for " + since(grant.standing().failingSince(), grant.now());
      case SILENCE -> "no successful rotation for " + since(grant.lastSuccess(), grant.now());
      case CREDENTIAL, CLOCK_SKEW -> throw new IllegalArgumentException(topic.word());
    };
  }

  private static @Nullable String why(Topic topic, GrantCase grant) {
    String message = grant.standing().message();
    return switch (topic) {
      case SIGN_IN_CLOCK ->
          "no rotation renews a sign-in; the last one was at "
              + grant.clocks().signedInAt()
              + limit(grant.clocks().signInRule());
      case ISSUE_CLOCK, SILENCE ->
          message == null
              ? "nothing failed, but it was not rotated; due since "
                  + grant.record().nextAttemptAt()
              : message;
      default -> message;
    };
  }

  private static String next(Topic topic, GrantCase grant) {
    String signIn = "sign in anew and bring the token in: refreshd import " + grant.name();
    return switch (topic) {
      case NEEDS_CONSENT, BLOCKED, CIRCUIT -> advice(grant).next();
      case EXPIRED, SIGN_IN_CLOCK -> signIn;
      case LOST_ANSWER ->
          signIn
              + "; or present the token once more, which may revoke the grant: refreshd rotate "
              + grant.name();
      case RETRYING ->
          "check the network, name service and proxy to "
              + grant.host()
              + "; each attempt is told by: refreshd log --failed "
              + grant.name();
      case ISSUE_CLOCK, SILENCE ->
          "try at once, and see what is wrong: refreshd rotate " + grant.name();
      case CREDENTIAL, CLOCK_SKEW -> throw new IllegalArgumentException(topic.word());
    };
  }

  /** What a confirmed refusal comes down to. */
  private static Advice advice(GrantCase grant) {
    Standing reason = grant.standing();
    RefusalKind kind = reason.kind();
    return Advice.ofVerdict(
        grant.grant(), reason, kind == null ? RefusalKind.UNKNOWN : kind, isOver(grant));
  }

  private static String code(GrantCase grant) {
    Entry.Refusal why = grant.standing().why();
    return why == null || why.code() == null ? "" : " (" + CodeName.of(why.code()) + ")";
  }

  private static String expired(GrantCase grant) {
    return isOver(grant) ? "; it has expired" : "";
  }

  private static boolean isOver(GrantCase grant) {
    Instant deadline = grant.clocks().deadline();
    return deadline != null && !grant.now().isBefore(deadline);
  }

  private static String limit(Clocks.@Nullable Rule rule) {
    return rule == null ? "" : ", good for " + span(rule.limit()) + " (" + rule.source() + ")";
  }

  private static String ends(@Nullable Instant end, Instant now) {
    if (end == null) {
      return "ends";
    }
    Duration left = Duration.between(now, end);
    return left.isNegative() || left.isZero() ? "has ended" : "ends in " + span(left);
  }

  private static String since(@Nullable Instant start, Instant now) {
    return start == null ? "long" : span(Duration.between(start, now));
  }

  /** The nearest number of its largest sensible unit: {@code 14 days}, {@code 23 hours}. */
  private static String span(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds >= 2 * 86_400) {
      return Math.round(seconds / 86_400d) + " days";
    }
    if (seconds >= 2 * 3_600) {
      return Math.round(seconds / 3_600d) + " hours";
    }
    return seconds >= 120 ? Math.round(seconds / 60d) + " minutes" : seconds + " seconds";
  }
}
