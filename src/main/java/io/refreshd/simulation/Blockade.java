package io.refreshd.simulation;

import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Entry.Refusal;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.Redemption.Exchange;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
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

  /** An administrator must change something already: nothing says that one will. */
  private static Stream<Blockade> beforeTheStart(Member member, Scenario scenario) {
    GrantRecord record = member.record();
    GrantStatus status = GrantStatus.of(member.grant(), record, Circuits.NONE, scenario.start());
    Refusal why = record == null ? null : record.standing().why();
    if (record == null || why == null || status.state() != State.BLOCKED) {
      return Stream.empty();
    }
    String message = String.valueOf(record.standing().message());
    return Stream.of(new Blockade(Instant.MIN, Instant.MAX, why, Reach.GRANT, message));
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
