package io.refreshd.report;

import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.Clocks;
import io.refreshd.rotation.CredentialStatus;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.Node;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Standing;
import io.refreshd.rotation.Told;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** How all grants stand, as one JSON document: what {@code status --json} prints. */
public final class StatusDocument {

  private static final Clocks UNKNOWN = new Clocks(null, null, null, null, null, null);
  private static final Standing NEW = Standing.good(null, null);
  private static final int DECIMALS = 4;

  private StatusDocument() {}

  /**
   * Writes the document, on one line: when, the grants in the order given, and the level of the
   * grant, credential or warning that is worst ({@code ok} if there is none). That is known only at
   * the end: there may be a million grants, and each is written as it is read. If that fails in the
   * midst of it, what is written is no document.
   *
   * @param grants hands over each
   * @param nodes the daemons that share the store; none where there can be one only
   * @param warnings what keeps the store from taking new tokens
   * @return the worst level
   */
  public static Level write(
      Writer to,
      Consumer<Consumer<GrantStatus>> grants,
      List<CredentialStatus> credentials,
      List<Node> nodes,
      List<String> warnings,
      Instant at) {
    Set<Level> levels = EnumSet.of(Level.worst(credentials), Level.ofWarnings(warnings));
    Json.object(
        to,
        json -> {
          Json.text(json, "at", at);
          json.writeArrayPropertyStart("grants");
          grants.accept(
              grant -> {
                levels.add(grant.level());
                write(json, grant);
              });
          json.writeEndArray();
          json.writeArrayPropertyStart("credentials");
          credentials.forEach(credential -> write(json, credential, at));
          json.writeEndArray();
          json.writeArrayPropertyStart("nodes");
          nodes.forEach(node -> write(json, node));
          json.writeEndArray();
          json.writeArrayPropertyStart("warnings");
          warnings.forEach(json::writeString);
          json.writeEndArray();
          Json.text(json, "level", Collections.max(levels).word());
        });
    return Collections.max(levels);
  }

  private static void write(JsonGenerator json, Node node) {
    json.writeStartObject();
    Json.text(json, "node", node.name());
    json.writeBooleanProperty("alive", node.isAlive());
    Json.text(json, "version", node.version());
    Json.number(json, "schema", node.schema());
    Json.text(json, "startedAt", node.startedAt());
    Json.text(json, "seenAt", node.seenAt());
    Json.number(json, "clockAheadMs", node.skew().toMillis());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, CredentialStatus credential, Instant at) {
    Circuit circuit = credential.circuit();
    Entry.Refusal why = circuit == null ? null : circuit.standing().why();
    json.writeStartObject();
    Json.text(json, "client", credential.client());
    Json.text(json, "credential", credential.label());
    Json.text(json, "use", credential.use().word());
    Json.text(json, "level", credential.level().word());
    Json.text(json, "expiresAt", credential.expiresAt());
    Json.number(json, "daysLeft", rounded(credential.daysLeft(at)));
    Json.text(json, "refusedSince", circuit == null ? null : circuit.standing().failingSince());
    Json.text(json, "code", why == null ? null : why.code());
    json.writeArrayPropertyStart("grants");
    credential.grants().forEach(grant -> json.writeString(grant.toString()));
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, GrantStatus status) {
    GrantRecord record = status.record();
    Clocks clocks = status.clocks() == null ? UNKNOWN : status.clocks();
    json.writeStartObject();
    Json.text(json, "grant", status.grant());
    Json.text(json, "state", status.state().word());
    Json.text(json, "level", status.level().word());
    Json.number(json, "generation", record == null ? null : record.generation());
    Json.text(json, "issuedAt", clocks.issuedAt());
    Json.text(json, "signedInAt", clocks.signedInAt());
    Json.text(json, "expiresAt", clocks.expiresAt());
    Json.text(json, "signInExpiresAt", clocks.signInExpiresAt());
    Json.text(json, "nextAttemptAt", status.nextAttemptAt());
    Json.number(json, "daysLeft", rounded(status.daysLeft()));
    writeStanding(json, record == null ? NEW : record.standing(), status.reason());
    writeRule(json, clocks);
    json.writeEndObject();
  }

  private static void writeStanding(JsonGenerator json, Standing own, Standing reason) {
    Event last = own.lastOutcome();
    RefusalKind kind = reason.kind();
    Json.text(json, "lastOutcome", last == null ? null : last.word());
    Json.text(json, "lastAttemptAt", own.lastAttemptAt());
    Json.text(json, "kind", kind == null ? null : kind.word());
    Json.text(json, "code", reason.why() == null ? null : reason.why().code());
    Json.text(json, "message", reason.message());
  }

  /** Which clock rules, by what it is known, and since when. */
  private static void writeRule(JsonGenerator json, Clocks clocks) {
    Told.Which ruling = clocks.ruling();
    Clocks.Rule rule = ruling == Told.Which.SIGN_IN ? clocks.signInRule() : clocks.issueRule();
    Json.text(json, "clock", ruling == null ? null : ruling.word());
    Json.text(json, "clockSource", rule == null ? null : rule.source());
    Json.text(json, "clockSince", rule == null ? null : rule.since());
  }

  /** Rounded down: never more days than there are. */
  private static @Nullable BigDecimal rounded(@Nullable Double days) {
    return days == null
        ? null
        : BigDecimal.valueOf(days).setScale(DECIMALS, RoundingMode.FLOOR).stripTrailingZeros();
  }
}
