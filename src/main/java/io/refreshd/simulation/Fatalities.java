package io.refreshd.simulation;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Entry.Refusal;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.RefusalKind;
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

  /** A person must sign in already: nothing says that the endpoint will think better of it. */
  private @Nullable Death beforeTheStart(Member member) {
    GrantRecord record = member.record();
    GrantStatus status = GrantStatus.of(member.grant(), record, Circuits.NONE, scenario.start());
    if (record == null || status.state() != State.NEEDS_CONSENT) {
      return null;
    }
    Refusal why = record.standing().why();
    String message = record.standing().message();
    return new Death(
        scenario.start(),
        why == null ? new Refusal(RefusalKind.LOST_ANSWER, null, null, null) : why,
        Told.NOTHING,
        message == null ? "its last redemption has no outcome" : message);
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

  private static Death secondFactor(Instant signedInAt, Duration remembered) {
    return new Death(
        signedInAt.plus(remembered),
        new Refusal(
            RefusalKind.INTERACTION_REQUIRED, "interaction_required", "50078", "basic_action"),
        Told.NOTHING,
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
