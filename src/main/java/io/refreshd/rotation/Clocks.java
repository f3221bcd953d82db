package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The two clocks of a grant. The issue clock starts anew with each generation that lives longer
 * than the one before; the sign-in clock runs from the last sign-in of a person, and rotation does
 * not touch it (Microsoft Entra, Conditional Access session lifetime).
 *
 * @param issuedAt start of the issue clock; {@code null} if unknown
 * @param expiresAt its end
 * @param signedInAt start of the sign-in clock; {@code null} if unknown
 * @param signInExpiresAt its end; {@code null} if unknown or no policy limits it
 * @param issueRule what the end of the issue clock is known by; {@code null} if it is unknown
 * @param signInRule likewise for the sign-in clock; there may be one although its start is unknown
 */
public record Clocks(
    @Nullable Instant issuedAt,
    @Nullable Instant expiresAt,
    @Nullable Instant signedInAt,
    @Nullable Instant signInExpiresAt,
    @Nullable Rule issueRule,
    @Nullable Rule signInRule) {

  /**
   * What a clock's length is known by.
   *
   * @param source the key of the configuration, the field of the answer, or {@code AADSTS…}
   * @param limit the length
   * @param since when the server told; {@code null} if the configuration says so
   */
  public record Rule(String source, Duration limit, @Nullable Instant since) {}

  public static Clocks of(Grant grant, GrantRecord record) {
    Instant signedInAt = record.signedInAt();
    Rule rule = signInRule(grant, record.learned().signIn());
    Instant end = signedInAt == null || rule == null ? null : signedInAt.plus(rule.limit());
    return new Clocks(
        record.issuedAt(), record.expiresAt(), signedInAt, end, issueRule(grant, record), rule);
  }

  private static @Nullable Rule issueRule(Grant grant, GrantRecord record) {
    Instant issuedAt = record.issuedAt();
    Instant expiresAt = record.expiresAt();
    if (issuedAt == null || expiresAt == null) {
      return null;
    }
    Duration limit = Duration.between(issuedAt, expiresAt);
    Learned.Lesson lesson = record.learned().issue();
    if (lesson != null && limit.equals(lesson.limit())) {
      return new Rule(CodeName.of(lesson.code()), limit, lesson.at());
    }
    return limit.equals(grant.lifetime())
        ? new Rule("lifetime", limit, null)
        : new Rule("refresh_token_expires_in", limit, issuedAt);
  }

  /** The shortest limit wins, as it does at Microsoft. */
  private static @Nullable Rule signInRule(Grant grant, Learned.@Nullable Lesson lesson) {
    Rule shortest = rule("sign-in-frequency", grant.signInFrequency(), null, null);
    shortest = rule("remember-mfa", grant.rememberMfa(), null, shortest);
    return lesson == null
        ? shortest
        : rule(CodeName.of(lesson.code()), lesson.limit(), lesson.at(), shortest);
  }

  private static @Nullable Rule rule(
      String source, @Nullable Duration limit, @Nullable Instant since, @Nullable Rule other) {
    return limit == null || (other != null && other.limit().compareTo(limit) <= 0)
        ? other
        : new Rule(source, limit, since);
  }

  /** Which clock ends first; {@code null} if neither is known. */
  public Told.@Nullable Which ruling() {
    Instant deadline = deadline();
    if (deadline == null) {
      return null;
    }
    return deadline.equals(expiresAt) ? Told.Which.ISSUE : Told.Which.SIGN_IN;
  }

  /** The end of the earlier clock; {@code null} if neither is known. */
  public @Nullable Instant deadline() {
    if (expiresAt == null || signInExpiresAt == null) {
      return expiresAt == null ? signInExpiresAt : expiresAt;
    }
    return expiresAt.isBefore(signInExpiresAt) ? expiresAt : signInExpiresAt;
  }

  /** How much of its life is left on the clock that is worse off, from 1 to 0 and below. */
  public double lifeLeft(Instant now) {
    return Math.min(left(issuedAt, expiresAt, now), left(signedInAt, signInExpiresAt, now));
  }

  private static double left(@Nullable Instant from, @Nullable Instant to, Instant now) {
    if (from == null || to == null || !from.isBefore(to)) {
      return 1;
    }
    return (double) Duration.between(now, to).toMillis() / Duration.between(from, to).toMillis();
  }
}
