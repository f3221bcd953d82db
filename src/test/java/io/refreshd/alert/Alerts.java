package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.Alert.Concern;
import io.refreshd.rotation.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Alerts to deliver. */
final class Alerts {

  static final Instant AT = Instant.parse("2026-11-22T10:54:30Z");

  private Alerts() {}

  /** Two grants behind one wrong secret; one of them is known to end. */
  static Alert secret() {
    return new Alert(
        "circuit/credential:4f1c",
        Change.RAISED,
        Level.CRITICAL,
        AT,
        "germany: the client secret is refused, 2 grants stand still",
        List.of(
            new Concern(
                "germany/live",
                "no rotation since the secret is refused",
                "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the"
                    + " request is the client secret value, not the client secret ID, for a secret"
                    + " added to app '66666666-7777-8888-9999-000000000000'.",
                "make a new client secret in Entra, put it where client-secret points to, and run"
                    + " `systemctl reload refreshd`",
                AT.plus(Duration.ofDays(9).plusHours(7))),
            new Concern(
                "germany/sandbox", "no rotation since the secret is refused", null, null, null)));
  }

  static Alert test() {
    return new Alert(
        "test",
        Change.TEST,
        Level.OK,
        AT,
        "a test of refreshd",
        List.of(new Concern("refreshd", "somebody ran `refreshd alert test`", null, null, null)));
  }

  static Alert recovered() {
    return new Alert(
        "circuit/credential:4f1c",
        Change.RECOVERED,
        Level.OK,
        AT.plus(Duration.ofHours(2)),
        "germany: the client secret works again",
        List.of(new Concern("germany/live", "rotates again", null, null, null)));
  }

  static Alert changed(Alert alert, Change change, Level level, Instant at) {
    return new Alert(alert.cause(), change, level, at, alert.title(), alert.concerns());
  }

  static Alert titled(String title) {
    Alert alert = secret();
    return new Alert(
        alert.cause(), alert.change(), alert.level(), alert.at(), title, alert.concerns());
  }

  /** One cause with many concerns that say this. */
  static Alert many(int count, String said) {
    List<Concern> concerns =
        IntStream.rangeClosed(1, count)
            .mapToObj(i -> new Concern("market/" + i, said, said, said, AT))
            .toList();
    return new Alert("many", Change.RAISED, Level.WARNING, AT, said, concerns);
  }
}
