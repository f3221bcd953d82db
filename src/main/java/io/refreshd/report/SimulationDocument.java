package io.refreshd.report;

import io.refreshd.rotation.Alert;
import io.refreshd.simulation.Death;
import io.refreshd.simulation.Fate;
import io.refreshd.simulation.Peak;
import io.refreshd.simulation.SimulationResult;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The result of a simulation as one JSON document: what {@code simulate --json} prints. */
public final class SimulationDocument {

  private static final int DECIMALS = 4;
  private static final BigDecimal SECONDS_PER_DAY = BigDecimal.valueOf(86_400);

  private SimulationDocument() {}

  /** Writes it, on one line: the fleet's figures, the grants in their order, the alerts. */
  public static void write(Writer to, SimulationResult result) {
    List<Fate> deaths = result.deaths();
    Json.object(
        to,
        json -> {
          Json.text(json, "from", result.start());
          Json.text(json, "to", result.end());
          Json.number(json, "rotations", result.rotations());
          Json.number(json, "failures", result.failures());
          Json.number(json, "redemptions", result.redemptions());
          Json.number(json, "deaths", deaths.size());
          json.writeObjectPropertyStart("peak");
          write(json, "second", result.busiestSecond());
          write(json, "minute", result.busiestMinute());
          write(json, "hour", result.busiestHour());
          json.writeEndObject();
          json.writeArrayPropertyStart("grants");
          result.grants().forEach(fate -> write(json, fate));
          json.writeEndArray();
          json.writeArrayPropertyStart("alerts");
          result.alerts().forEach(alert -> write(json, alert));
          json.writeEndArray();
        });
  }

  private static void write(JsonGenerator json, String window, Peak peak) {
    json.writeObjectPropertyStart(window);
    Json.number(json, "redemptions", peak.redemptions());
    Json.text(json, "at", peak.at());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Fate fate) {
    json.writeStartObject();
    Json.text(json, "grant", fate.grant());
    json.writeBooleanProperty("new", fate.isNew());
    Json.number(json, "rotations", fate.rotations());
    Json.number(json, "failures", fate.failures());
    Json.number(json, "oldestDays", days(fate.oldest()));
    Json.text(json, "oldestAt", fate.oldestAt());
    Json.number(json, "leastDaysLeft", days(fate.leastLeft()));
    write(json, fate.death());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, @Nullable Death death) {
    if (death == null) {
      json.writeNullProperty("death");
      return;
    }
    json.writeObjectPropertyStart("death");
    Json.text(json, "at", death.at());
    Json.text(json, "clock", death.clock() == null ? null : death.clock().word());
    Json.text(json, "kind", death.refusal().kind().word());
    Json.text(json, "code", death.refusal().code());
    Json.text(json, "message", death.why());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Alert alert) {
    json.writeStartObject();
    Json.text(json, "at", alert.at());
    Json.text(json, "cause", alert.cause());
    Json.text(json, "change", alert.change().name().toLowerCase(Locale.ROOT));
    Json.text(json, "level", alert.level().word());
    Json.text(json, "title", alert.title());
    json.writeArrayPropertyStart("concerns");
    alert.concerns().forEach(concern -> json.writeString(concern.subject()));
    json.writeEndArray();
    json.writeEndObject();
  }

  private static BigDecimal days(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3)
        .divide(SECONDS_PER_DAY, DECIMALS, RoundingMode.FLOOR)
        .stripTrailingZeros();
  }
}
