package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Cause.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What people must be told, by how everything stands at an instant. Pure: what they were told
 * before is the matter of {@link AlertBook}.
 *
 * <p>A grant may be reached by several causes at once. One of them says most to the point what is
 * the matter; it covers the others, which then are not told. It also goes down the ladder for them:
 * a grant that needs consent is told of again as its end comes nearer.
 */
public final class AlertRules {

  private static final Duration RETRYING_TOO_LONG = Duration.ofDays(1);

  /** A rotation must have been due for this long before a silence is one. */
  private static final Duration OVERDUE = Duration.ofDays(1);

  private final Ladder ladder;
  private final Duration silence;
  private final Duration overdue;

  /**
   * Rules as configured.
   *
   * @param ladder how long before the end of a clock people are told
   * @param silence after how long without a successful rotation
   */
  public AlertRules(List<Duration> ladder, Duration silence) {
    this.ladder = new Ladder(ladder);
    this.silence = silence;
    Duration half = silence.dividedBy(2);
    this.overdue = half.compareTo(OVERDUE) < 0 ? half : OVERDUE;
  }

  /** Looks at everything at that instant: first everything is added, then the causes are asked. */
  public Look at(Instant now) {
    return new Look(now);
  }

  /** One look. A grant that is well costs no memory. For one thread. */
  public final class Look {

    private record Key(Topic topic, String about) {}

    private final Instant now;
    private final Instant silentSince;
    private final Map<Key, Cause> causes = new LinkedHashMap<>();

    private Look(Instant now) {
      this.now = now;
      this.silentSince = now.minus(silence);
    }

    /** The instant of the look. */
    public Instant now() {
      return now;
    }

    /** Adds a grant. */
    public void add(Grant grant, GrantStatus status) {
      GrantRecord record = status.record();
      Clocks clocks = status.clocks();
      if (record == null || clocks == null || status.state() == State.UNCONFIGURED) {
        return; // without a token or without a configuration: status shows it
      }
      if (status.circuit() != null || !isWell(record, clocks)) {
        examine(new GrantCase(grant, record, clocks, status.circuit(), now));
      }
    }

    /** Adds a credential of a client. */
    public void add(CredentialStatus credential) {
      Instant end = credential.expiresAt();
      int rung = ladder.rung(null, end, now);
      if (end != null && rung > 0) {
        Duration left = Duration.between(now, end);
        Level level =
            left.compareTo(CredentialStatus.CRITICAL) > 0 ? Level.WARNING : Level.CRITICAL;
        put(
            Topic.CREDENTIAL,
            credential.key(),
            new Effect(
                credential.client(),
                level,
                rung,
                end,
                false,
                () -> AlertWords.credential(credential, end, now)));
      }
    }

    /** Adds how far a server's clock and that of the only machine are apart. */
    public void addClockSkew(String authority, Duration ahead) {
      addClockSkew("", authority, ahead);
    }

    /**
     * Adds how far a server's clock and this machine's are apart.
     *
     * @param machine which one this is of several
     * @param authority whose clock
     * @param ahead how far it is ahead of this machine's; negative if it is behind
     */
    public void addClockSkew(String machine, String authority, Duration ahead) {
      if (ahead.abs().compareTo(SkewWatch.TOLERATED) >= 0) {
        put(
            Topic.CLOCK_SKEW,
            machine,
            new Effect(
                authority,
                Level.WARNING,
                0,
                null,
                false,
                () -> AlertWords.clockSkew(authority, ahead)));
      }
    }

    /** What was found, in the order in which it was added. */
    public List<Cause> causes() {
      return List.copyOf(causes.values());
    }

    /** The way of nearly all grants: a few comparisons. */
    private boolean isWell(GrantRecord record, Clocks clocks) {
      Instant success = record.standing().lastAttemptAt();
      return record.standing().kind() == null
          && !record.unanswered()
          && success != null
          && success.isAfter(silentSince)
          && ladder.isFarFrom(clocks.issuedAt(), clocks.expiresAt(), now)
          && ladder.isFarFrom(clocks.signedInAt(), clocks.signInExpiresAt(), now);
    }

    private void examine(GrantCase grant) {
      Clocks clocks = grant.clocks();
      int issue = ladder.rung(clocks.issuedAt(), clocks.expiresAt(), now);
      int signIn = ladder.rung(clocks.signedInAt(), clocks.signInExpiresAt(), now);
      boolean isExplained = addVerdict(grant, Math.max(issue, signIn));
      if (signIn > 0) {
        Level level = ladder.level(signIn, clocks.signedInAt(), clocks.signInExpiresAt());
        put(Topic.SIGN_IN_CLOCK, "", level, signIn, isExplained, grant);
      }
      addStandstill(grant, issue, isExplained);
    }

    /** What a person must mend, and that it is too late; whether there was something to add. */
    private boolean addVerdict(GrantCase grant, int rung) {
      Topic verdict = grant.verdict();
      boolean isExpired = rung == ladder.end();
      if (verdict != null) {
        put(verdict, grant.reason(verdict), Level.CRITICAL, rung, false, grant);
      }
      if (isExpired) {
        String clock = grant.endedClock().word();
        put(Topic.EXPIRED, clock, Level.CRITICAL, rung, verdict != null, grant);
      }
      return verdict != null || isExpired;
    }

    /** That its token is not renewed, by the most telling sign first. */
    private void addStandstill(GrantCase grant, int rung, boolean isExplained) {
      Level level = ladder.level(rung, grant.clocks().issuedAt(), grant.clocks().expiresAt());
      boolean covered = isExplained;
      if (isRetrying(grant)) {
        put(Topic.RETRYING, grant.host(), level, rung, covered, grant);
        covered = true;
      }
      if (isSilent(grant)) {
        put(Topic.SILENCE, grant.host(), level, rung, covered, grant);
        covered = true;
      }
      if (rung > 0) {
        put(Topic.ISSUE_CLOCK, "", level, rung, covered, grant);
      }
    }

    /** For a verdict the time of retries is over; a changed configuration has its own time. */
    private boolean isRetrying(GrantCase grant) {
      Instant since = grant.standing().failingSince();
      return since != null
          && grant.verdict() == null
          && grant.standing().kind() != RefusalKind.CONFIGURATION
          && Duration.between(since, now).compareTo(RETRYING_TOO_LONG) > 0;
    }

    /**
     * No success for long, though a rotation has been due for a while: a schedule that is slower
     * than the limit is not a trouble.
     */
    private boolean isSilent(GrantCase grant) {
      Instant success = grant.lastSuccess();
      if (success == null || success.isAfter(silentSince) || !isShorterThanItsLife(grant)) {
        return false;
      }
      Instant since = grant.standing().failingSince();
      Instant due = since == null ? grant.record().nextAttemptAt() : since;
      return !due.isAfter(now.minus(overdue));
    }

    private boolean isShorterThanItsLife(GrantCase grant) {
      Instant from = grant.clocks().issuedAt();
      Instant to = grant.clocks().expiresAt();
      return from == null || to == null || silence.compareTo(Duration.between(from, to)) < 0;
    }

    private void put(
        Topic topic, String about, Level level, int rung, boolean covered, GrantCase grant) {
      put(
          topic,
          about,
          new Effect(
              grant.grant().name(),
              level,
              rung,
              grant.until(topic),
              covered,
              () -> AlertWords.of(topic, grant)));
    }

    private void put(Topic topic, String about, Effect effect) {
      causes.computeIfAbsent(new Key(topic, about), key -> new Cause(topic, about)).add(effect);
    }
  }
}
