package io.refreshd.simulation;

import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.Entry.Refusal;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.Redemption.Exchange;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Standing;
import io.refreshd.rotation.State;
import io.refreshd.rotation.Told;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A time in which a grant gets no new token, though its tokens are good.
 *
 * @param from when it begins
 * @param to when it is over; {@link Instant#MAX} if never
 */
record Blockade(Instant from, Instant to, Refusal refusal, Reach reach, String why) {

  /** What blocks a grant, in a scenario and before it. */
  static List<Blockade> of(Member member, Scenario scenario) {
    Stream<Blockade> secrets =
        scenario
            .all(Incident.SecretExpiry.class)
            .filter(expiry -> expiry.whose().matches(member.grant().name()))
            .map(expiry -> secretExpired(expiry.from(), expiry.to()));
    return Stream.concat(beforeTheStart(member, scenario), secrets).toList();
  }

  /**
   * An administrator must change something already: nothing says that one will. One that is new is
   * stopped by what another has found out, too.
   */
  private static Stream<Blockade> beforeTheStart(Member member, Scenario scenario) {
    GrantStatus status =
        GrantStatus.of(member.grant(), member.record(), member.circuits(), scenario.start());
    Circuit circuit = status.stoppedBy();
    boolean isNew = status.state() == State.NEW;
    Standing reason = isNew && circuit != null ? circuit.standing() : status.reason();
    Refusal why = reason.why();
    if (why == null || !(isNew || status.state() == State.BLOCKED)) {
      return Stream.empty();
    }
    Reach reach = circuit == null ? Reach.GRANT : circuit.reach();
    String message = String.valueOf(reason.message());
    return Stream.of(new Blockade(Instant.MIN, Instant.MAX, why, reach, message));
  }

  private static Blockade secretExpired(Instant from, Instant to) {
    return new Blockade(
        from,
        to,
        new Refusal(RefusalKind.CONFIGURATION, "invalid_client", "7000222", null),
        Reach.CREDENTIAL,
        "AADSTS7000222: The provided client secret keys are expired.");
  }

  /** No connection carried the request. */
  static Refused unreachable(Exchange exchange) {
    return new Refused(
        new Refusal(RefusalKind.TRANSIENT, null, null, null),
        Reach.GRANT,
        Told.NOTHING,
        false,
        false,
        "no connection: the endpoint is unreachable",
        null,
        exchange);
  }

  boolean stands(Instant now) {
    return !now.isBefore(from) && now.isBefore(to);
  }

  Refused answer(Exchange exchange) {
    return new Refused(refusal, reach, Told.NOTHING, true, true, why, null, exchange);
  }
}
