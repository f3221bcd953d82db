package io.refreshd.simulation;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Entry.Refusal;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Standing;
import io.refreshd.rotation.State;
import io.refreshd.rotation.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What ends a grant, the age of its tokens aside. No rotation puts any of it off. */
final class Fatalities {

  private static final String SINGLE_PAGE = "700084";

  private final Scenario scenario;

  Fatalities(Scenario scenario) {
    this.scenario = scenario;
  }

  /**
   * The first of them; {@code null} if there is none.
   *
   * @param signedInAt when a person last signed in
   */
  @Nullable Death first(Member member, Instant signedInAt) {
    Grant grant = member.grant();
    List<Death> deaths = new ArrayList<>();
    Duration frequency = grant.signInFrequency();
    if (frequency != null) {
      deaths.add(signIn(signedInAt, frequency, Instant.MIN));
    }
    Duration remembered = grant.rememberMfa();
    if (remembered != null) {
      deaths.add(secondFactor(signedInAt, remembered));
    }
    Death learned = learned(member.record(), signedInAt);
    if (learned != null) {
      deaths.add(learned);
    }
    scenario
        .all(Incident.SignInPolicy.class)
        .filter(policy -> policy.whose().matches(grant.name()))
        .forEach(policy -> deaths.add(signIn(signedInAt, policy.frequency(), policy.from())));
    scenario
        .all(Incident.Revocation.class)
        .filter(revocation -> revocation.whose().matches(grant.name()))
        .forEach(revocation -> deaths.add(revoked(signedInAt, revocation.at())));
    Death before = beforeTheStart(member);
    if (before != null) {
      deaths.add(before);
    }
    return deaths.stream().min(Comparator.comparing(Death::at)).orElse(null);
  }

  /** What the endpoint told of the limit of a sign-in, it will tell again. */
  private static @Nullable Death learned(@Nullable GrantRecord record, Instant signedInAt) {
    Learned.Lesson lesson = record == null ? null : record.learned().signIn();
    Duration limit = lesson == null ? null : lesson.limit();
    if (lesson == null || limit == null) {
      return null;
    }
    return lesson.code().equals(SINGLE_PAGE)
        ? singlePage(signedInAt, limit)
        : signIn(signedInAt, limit, Instant.MIN);
  }

  /** A person must sign in already: nothing says that the endpoint will think better of it. */
  private @Nullable Death beforeTheStart(Member member) {
    GrantStatus status =
        GrantStatus.of(member.grant(), member.record(), Circuits.NONE, scenario.start());
    Standing reason = status.reason();
    Refusal why = reason.why();
    if (why == null || status.state() != State.NEEDS_CONSENT) {
      return null;
    }
    String message = reason.message();
    return new Death(
        scenario.start(), why, Told.NOTHING, message == null ? why.kind().word() : message);
  }

  /** AADSTS70043; "issued on" is the sign-in, and the limit comes in seconds. */
  private static Death signIn(Instant signedInAt, Duration frequency, Instant from) {
    Instant end = signedInAt.plus(frequency);
    return new Death(
        end.isBefore(from) ? from : end,
        new Refusal(RefusalKind.INTERACTION_REQUIRED, "invalid_grant", "70043", "token_expired"),
        new Told(Told.Which.SIGN_IN, signedInAt, frequency, null),
        "AADSTS70043: The refresh token has expired or is invalid due to sign-in frequency checks"
            + " by conditional access. The token was issued on "
            + signedInAt
            + " and the maximum allowed lifetime for this request is "
            + frequency.toSeconds()
            + ".");
  }

  /** Its tokens inherit the end of the first one. */
  private static Death singlePage(Instant signedInAt, Duration limit) {
    return new Death(
        signedInAt.plus(limit),
        new Refusal(RefusalKind.DEAD, "invalid_grant", SINGLE_PAGE, null),
        new Told(Told.Which.SIGN_IN, signedInAt, limit, null),
        "AADSTS700084: The refresh token was issued to a single page app (SPA), and therefore has a"
            + " fixed, limited lifetime of "
            + TimeSpan.of(limit)
            + ", which cannot be extended. The token was issued on "
            + signedInAt
            + ".");
  }

  private static Death secondFactor(Instant signedInAt, Duration remembered) {
    return new Death(
        signedInAt.plus(remembered),
        new Refusal(
            RefusalKind.INTERACTION_REQUIRED, "interaction_required", "50078", "basic_action"),
        Told.NOTHING,
        new Told(Told.Which.SIGN_IN, signedInAt, remembered, null),
        "AADSTS50078: Presented multi-factor authentication has expired due to policies configured"
            + " by your administrator.");
  }

  private static Death revoked(Instant signedInAt, Instant at) {
    return new Death(
        at,
        new Refusal(RefusalKind.DEAD, "invalid_grant", "50173", null),
        new Told(Told.Which.SIGN_IN, signedInAt, null, at),
        "AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is"
            + " needed. The grant was issued on '"
            + signedInAt
            + "' and the TokensValidFrom date (before which tokens are not valid) for this user"
            + " is '"
            + at
            + "'.");
  }
}
