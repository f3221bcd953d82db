package io.refreshd.config;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A property of a token lifetime policy, and what is known of it (Microsoft, "Configurable token
 * lifetimes in the Microsoft identity platform", of today and of 2020 for those that are retired;
 * Microsoft Graph, resource tokenLifetimePolicy).
 */
public enum PolicyProperty {
  ACCESS_TOKEN_LIFETIME(
      "AccessTokenLifetime",
      "access, ID and SAML2 tokens",
      "60 to 90 minutes at random for access tokens, 1 hour for ID and SAML2 tokens",
      Duration.ofDays(1),
      null,
      "nothing: rotation does not depend on how long an access token lives"),
  MAX_INACTIVE_TIME(
      "MaxInactiveTime",
      "refresh tokens",
      "90 days",
      Duration.ofDays(90),
      "each refresh token lives 90 days from its own issue, whatever this says",
      "nothing: rotation replaces each refresh token within those 90 days (lifetime, rotate-every)"),
  MAX_AGE_SINGLE_FACTOR(
      "MaxAgeSingleFactor",
      "refresh tokens of sign-ins with a single factor",
      Words.UNTIL_REVOKED,
      Duration.ofDays(365),
      Words.SIGN_IN_FREQUENCY,
      "nothing; set sign-in-frequency if Conditional Access has one"),
  MAX_AGE_MULTI_FACTOR(
      "MaxAgeMultiFactor",
      "refresh tokens of sign-ins with several factors",
      Words.UNTIL_REVOKED,
      Duration.ofDays(180),
      Words.SIGN_IN_FREQUENCY + ", and remembered multi-factor authentication",
      "nothing; set sign-in-frequency or remember-mfa if the directory has one"),
  MAX_AGE_SESSION_SINGLE_FACTOR(
      "MaxAgeSessionSingleFactor",
      "session tokens of sign-ins with a single factor, in browsers",
      Words.UNTIL_REVOKED,
      Duration.ofDays(365),
      Words.SIGN_IN_FREQUENCY,
      Words.NO_SESSIONS),
  MAX_AGE_SESSION_MULTI_FACTOR(
      "MaxAgeSessionMultiFactor",
      "session tokens of sign-ins with several factors, in browsers",
      Words.UNTIL_REVOKED,
      Duration.ofDays(180),
      Words.SIGN_IN_FREQUENCY,
      Words.NO_SESSIONS);

  /** From this day on Entra honours no property but {@link #ACCESS_TOKEN_LIFETIME}. */
  public static final LocalDate RETIRED_ON = LocalDate.of(2021, 1, 30);

  private static final Duration MINIMUM = Duration.ofMinutes(10);

  private final String word;
  private final String affects;
  private final String standard;
  private final Duration maximum;
  private final @Nullable String instead;
  private final String schedule;

  PolicyProperty(
      String word,
      String affects,
      String standard,
      Duration maximum,
      @Nullable String instead,
      String schedule) {
    this.word = word;
    this.affects = affects;
    this.standard = standard;
    this.maximum = maximum;
    this.instead = instead;
    this.schedule = schedule;
  }

  /** As policies write it. */
  public String word() {
    return word;
  }

  /** Which tokens it is about. */
  public String affects() {
    return affects;
  }

  /** What holds without it. */
  public String standard() {
    return standard;
  }

  /** The shortest time that it takes. */
  public Duration minimum() {
    return MINIMUM;
  }

  /** The longest time that it takes, or took. */
  public Duration maximum() {
    return maximum;
  }

  /** Whether it may be {@code until-revoked}. */
  public boolean isUnlimited() {
    return standard.equals(Words.UNTIL_REVOKED);
  }

  /** Whether Entra acts on it. */
  public boolean isHonoured() {
    return instead == null;
  }

  /** What applies in its place; empty if it is honoured. */
  public Optional<String> instead() {
    return Optional.ofNullable(instead);
  }

  /** What it means for the schedule of rotations. */
  public String schedule() {
    return schedule;
  }

  static Optional<PolicyProperty> find(String word) {
    return Arrays.stream(values()).filter(property -> property.word.equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(PolicyProperty::word).toList();
  }

  private static final class Words {
    static final String UNTIL_REVOKED = "until-revoked";
    static final String SIGN_IN_FREQUENCY = "sign-in frequency of Conditional Access";
    static final String NO_SESSIONS = "nothing: refreshd holds no session tokens";
  }
}
