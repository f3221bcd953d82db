package io.refreshd.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Told;
import io.refreshd.simulation.Death;
import io.refreshd.simulation.Fate;
import io.refreshd.simulation.Peak;
import io.refreshd.simulation.SimulationResult;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationDocumentTest {

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LATER = Instant.parse("2026-05-30T12:00:00Z");
  private static final Peak PEAK = new Peak(3, START);

  @Test
  void aResultIsOneLineWithEveryField() {
    Duration life = Duration.ofDays(90);
    Death death =
        new Death(
            LATER,
            new Entry.Refusal(RefusalKind.DEAD, "invalid_grant", "700082", null),
            new Told(Told.Which.ISSUE, START, life, null),
            "it has expired");
    Fate dead =
        new Fate(GrantName.parse("germany/live"), true, 0, 7, life, LATER, Duration.ZERO, death);
    Duration week = Duration.ofDays(7).plusHours(1);
    Fate alive =
        new Fate(GrantName.parse("france/live"), false, 57, 0, week, LATER, life.minus(week), null);
    Alert alert =
        new Alert(
            "expired/issue",
            Alert.Change.RAISED,
            Level.CRITICAL,
            LATER,
            "germany/live: expired",
            List.of(new Alert.Concern("germany/live", "expired", null, null, null)));
    SimulationResult result =
        new SimulationResult(
            START, LATER, List.of(dead, alive), 64, PEAK, PEAK, PEAK, List.of(alert));

    assertThat(document(result))
        .isEqualTo(
            "{\"from\":\"2026-03-01T12:00:00Z\",\"to\":\"2026-05-30T12:00:00Z\",\"rotations\":57,"
                + "\"failures\":7,\"redemptions\":64,\"deaths\":1,\"peak\":{"
                + "\"second\":{\"redemptions\":3,\"at\":\"2026-03-01T12:00:00Z\"},"
                + "\"minute\":{\"redemptions\":3,\"at\":\"2026-03-01T12:00:00Z\"},"
                + "\"hour\":{\"redemptions\":3,\"at\":\"2026-03-01T12:00:00Z\"}},"
                + "\"grants\":[{\"grant\":\"germany/live\",\"new\":true,\"rotations\":0,"
                + "\"failures\":7,\"oldestDays\":90,\"oldestAt\":\"2026-05-30T12:00:00Z\","
                + "\"leastDaysLeft\":0,\"death\":{\"at\":\"2026-05-30T12:00:00Z\","
                + "\"clock\":\"issue\",\"kind\":\"dead\",\"code\":\"700082\","
                + "\"message\":\"it has expired\"}},{\"grant\":\"france/live\",\"new\":false,"
                + "\"rotations\":57,\"failures\":0,\"oldestDays\":7.0416,"
                + "\"oldestAt\":\"2026-05-30T12:00:00Z\",\"leastDaysLeft\":82.9583,"
                + "\"death\":null}],\"alerts\":[{\"at\":\"2026-05-30T12:00:00Z\","
                + "\"cause\":\"expired/issue\",\"change\":\"raised\",\"level\":\"critical\","
                + "\"title\":\"germany/live: expired\",\"concerns\":[\"germany/live\"]}]}");
  }

  @Test
  void aResultOfNobodyIsADocumentToo() {
    SimulationResult result =
        new SimulationResult(START, LATER, List.of(), 0, PEAK, PEAK, PEAK, List.of());

    assertThat(document(result)).contains("\"deaths\":0", "\"grants\":[]", "\"alerts\":[]");
  }

  private static String document(SimulationResult result) {
    StringWriter written = new StringWriter();
    SimulationDocument.write(written, result);
    return written.toString();
  }
}
