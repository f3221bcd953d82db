package io.refreshd.rotation;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.rotation.Attempt.Corrected;
import io.refreshd.rotation.Learned.Lesson;
import io.refreshd.rotation.Redemption.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a refusal teaches about the clocks of its grant. Entra tells nobody when a token was issued
 * or how long it lives, except in the texts of some errors.
 */
final class Lessons {

  /** What we know is let be, if the text says the same but for the way of the request. */
  private static final Duration SAME = Duration.ofMinutes(2);

  private Lessons() {}

  /**
   * A lesson: the clocks as they stand after it, and what changed, for a person.
   *
   * @param news empty if nothing changed
   */
  record Taught(Corrected corrected, List<String> news) {}

  /** What the refusal of the current generation teaches. */
  static Taught of(GrantRecord record, Refused refused, Instant now) {
    Told told = refused.told();
    String code = refused.refusal().code();
    if (told.clock() == null || code == null) {
      return new Taught(Corrected.none(record), List.of());
    }
    return told.clock() == Told.Which.ISSUE
        ? ofIssue(record, told, code, now)
        : ofSignIn(record, told, code, now);
  }

  /**
   * What is left of the lessons, and what is no more, for a person.
   *
   * @param news empty if nobody need know of any
   */
  record Left(Learned learned, List<String> news) {}

  /** A success that a clock, as learned, would not have allowed: that limit is gone. */
  static Left afterSuccess(GrantRecord record, Generation presented, Instant at) {
    Lesson issue = record.learned().issue();
    Lesson signIn = record.learned().signIn();
    List<String> news = new ArrayList<>();
    Duration life = outlived(issue, presented.issuedAt(), at);
    if (life != null) {
      issue = null;
      news.add("a token's life of " + words(life) + " is no more: an older one brought a new one");
    }
    if (outlived(signIn, record.signedInAt(), at) != null) {
      signIn = null;
      news.add("the sign-in limit is no more: a new token came after its end");
    }
    return new Left(new Learned(issue, signIn), news);
  }

  /**
   * A new consent keeps what was learned of sign-ins, for that is a policy and no answer tells it.
   * How long a token lives was told of the one before. Were it kept, its successors would never
   * grow older than that, and nothing could disprove it.
   */
  static Left afterImport(Grant grant, @Nullable StoredGrant before) {
    Learned known = before == null ? Learned.NOTHING : before.record().learned();
    Duration life = lifetime(grant, known);
    String news =
        "that a token lives " + words(life) + " was told of the token before, and is forgotten";
    return new Left(
        new Learned(null, known.signIn()),
        life.equals(grant.lifetime()) ? List.of() : List.of(news));
  }

  /** The limit that a lesson gives, if at this instant it is over; else {@code null}. */
  private static @Nullable Duration outlived(
      @Nullable Lesson lesson, @Nullable Instant start, Instant at) {
    Duration limit = lesson == null ? null : lesson.limit();
    boolean isOver = limit != null && start != null && at.isAfter(start.plus(limit).plus(SAME));
    return isOver ? limit : null;
  }

  /** How long a new generation lives, if no answer says so. */
  static Duration lifetime(Grant grant, Learned learned) {
    Duration limit = learned.issue() == null ? null : learned.issue().limit();
    return limit == null || limit.compareTo(grant.lifetime()) > 0 ? grant.lifetime() : limit;
  }

  private static Taught ofIssue(GrantRecord record, Told told, String code, Instant now) {
    List<String> news = new ArrayList<>();
    Instant issuedAt = corrected("the token was issued", record.issuedAt(), told.issuedAt(), news);
    Instant end = issuedAt == null || told.limit() == null ? null : issuedAt.plus(told.limit());
    Instant expiresAt = corrected("it expires", record.expiresAt(), end, news);
    Lesson lesson = lesson(record.learned().issue(), told, code, now, "a token lives", news);
    Learned learned = new Learned(lesson, record.learned().signIn());
    return new Taught(new Corrected(issuedAt, expiresAt, record.signedInAt(), learned), news);
  }

  private static Taught ofSignIn(GrantRecord record, Told told, String code, Instant now) {
    List<String> news = new ArrayList<>();
    Instant signedInAt =
        corrected("a person last signed in", record.signedInAt(), told.issuedAt(), news);
    if (told.validFrom() != null && !news.isEmpty()) {
      news.add("tokens from before " + told.validFrom() + " were revoked");
    }
    Lesson lesson =
        lesson(record.learned().signIn(), told, code, now, "a sign-in is good for", news);
    Learned learned = new Learned(record.learned().issue(), lesson);
    return new Taught(
        new Corrected(record.issuedAt(), record.expiresAt(), signedInAt, learned), news);
  }

  private static @Nullable Instant corrected(
      String what, @Nullable Instant known, @Nullable Instant told, List<String> news) {
    if (told == null || (known != null && isSame(Duration.between(known, told)))) {
      return known;
    }
    news.add(what + " " + told + (known == null ? "" : ", not " + known));
    return told;
  }

  private static @Nullable Lesson lesson(
      @Nullable Lesson known, Told told, String code, Instant now, String what, List<String> news) {
    Duration limit = told.limit();
    if (limit == null || (known != null && limit.equals(known.limit()))) {
      return known;
    }
    news.add(what + " " + words(limit));
    return new Lesson(code, now, limit);
  }

  private static boolean isSame(Duration difference) {
    return difference.abs().compareTo(SAME) <= 0;
  }

  /** As a person writes it: whole days where it is whole days. */
  private static String words(Duration limit) {
    if (limit.equals(Duration.ofDays(limit.toDays()))) {
      return limit.toDays() + "d";
    }
    return limit.equals(Duration.ofHours(limit.toHours()))
        ? limit.toHours() + "h"
        : limit.toSeconds() + "s";
  }
}
