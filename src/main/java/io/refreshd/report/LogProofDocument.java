package io.refreshd.report;

import io.refreshd.rotation.LogFault;
import io.refreshd.rotation.LogProof;
import io.refreshd.rotation.LogRestore;
import tools.jackson.core.JsonGenerator;

/**
 * What a look at the whole rotation log came to, as JSON: what {@code log verify --json} prints.
 */
public final class LogProofDocument {

  private LogProofDocument() {}

  /**
   * One object without a line break: {@code {"proven":…, "entries":…, "last":…, "hash":…, "head":…,
   * "unproven":…, "faults":[{"seq":…, "kind":…, "what":…}], "more":…, "restores":[{"seq":…, "at":…,
   * "message":…}]}}.
   */
  public static String of(LogProof proof) {
    return Json.object(json -> write(json, proof));
  }

  private static void write(JsonGenerator json, LogProof proof) {
    json.writeBooleanProperty("proven", proof.isProven());
    Json.number(json, "entries", proof.entries());
    Json.number(json, "last", proof.last());
    Json.text(json, "hash", proof.hash());
    Json.number(json, "head", proof.head());
    Json.text(json, "unproven", proof.unproven());
    json.writeArrayPropertyStart("faults");
    for (LogFault fault : proof.faults()) {
      json.writeStartObject();
      Json.number(json, "seq", fault.seq());
      Json.text(json, "kind", fault.kind().word());
      Json.text(json, "what", fault.what());
      json.writeEndObject();
    }
    json.writeEndArray();
    Json.number(json, "more", proof.more());
    json.writeArrayPropertyStart("restores");
    for (LogRestore restore : proof.restores()) {
      json.writeStartObject();
      Json.number(json, "seq", restore.seq());
      Json.text(json, "at", restore.at());
      Json.text(json, "message", restore.message());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
