package io.refreshd.report;

import io.refreshd.rotation.Finding;
import io.refreshd.rotation.Forecast;
import io.refreshd.rotation.Level;
import java.io.Writer;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** What the doctor found, as one JSON document: what {@code doctor --json} prints. */
public final class DoctorDocument {

  private DoctorDocument() {}

  /** Writes the document, on one line. */
  public static void write(Writer to, List<Finding> findings, List<Forecast> forecast, Instant at) {
    Level worst =
        findings.stream().map(Finding::level).max(Comparator.naturalOrder()).orElse(Level.OK);
    Json.object(
        to,
        json -> {
          Json.text(json, "at", at);
          Json.text(json, "level", worst.word());
          json.writeArrayPropertyStart("findings");
          for (Finding finding : findings) {
            json.writeStartObject();
            Json.text(json, "level", finding.level().word());
            Json.text(json, "subject", finding.subject());
            Json.text(json, "what", finding.what());
            Json.text(json, "next", finding.next());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeArrayPropertyStart("forecast");
          for (Forecast end : forecast) {
            json.writeStartObject();
            Json.text(json, "grant", end.grant());
            Json.text(json, "diesAt", end.diesAt());
            Json.text(json, "because", end.because());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
