package io.refreshd.report;

import io.refreshd.rotation.Entry;
import io.refreshd.rotation.LoggedEntry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** One entry of the rotation log as a line of JSON: what {@code log --json} prints. */
public final class LogLine {

  private LogLine() {}

  /**
   * The entry as one JSON object without a line break. Every field is there, always in the same
   * order, {@code null} if absent; instants are ISO-8601 in UTC, {@code code} is a string.
   */
  public static String of(LoggedEntry logged) {
    return Json.object(json -> write(json, logged));
  }

  private static void write(JsonGenerator json, LoggedEntry logged) {
    Entry entry = logged.entry();
    Json.number(json, "seq", logged.seq());
    Json.text(json, "at", entry.at());
    Json.text(json, "grant", entry.grant());
    Json.text(json, "event", entry.event().word());
    Json.text(json, "trigger", entry.trigger() == null ? null : entry.trigger().word());
    Json.number(json, "generation", entry.generation());
    Json.text(json, "issuedAt", entry.issuedAt());
    Json.text(json, "expiresAt", entry.expiresAt());
    Json.number(json, "durationMs", millis(entry.duration()));
    Json.number(json, "httpStatus", entry.httpStatus());
    writeRefusal(json, entry.refusal());
    Json.text(json, "correlationId", entry.correlationId());
    Json.text(json, "traceId", entry.traceId());
    Json.text(json, "message", entry.message());
    Json.text(json, "fingerprint", entry.fingerprint());
    Json.text(json, "hash", logged.hash());
    Json.text(json, "node", logged.node());
  }

  private static void writeRefusal(JsonGenerator json, Entry.@Nullable Refusal refusal) {
    Json.text(json, "kind", refusal == null ? null : refusal.kind().word());
    Json.text(json, "error", refusal == null ? null : refusal.error());
    Json.text(json, "code", refusal == null ? null : refusal.code());
    Json.text(json, "suberror", refusal == null ? null : refusal.suberror());
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }
}
