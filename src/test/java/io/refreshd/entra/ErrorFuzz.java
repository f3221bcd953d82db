package io.refreshd.entra;

import io.refreshd.fuzz.Require;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.Told;
import io.refreshd.testing.MutableClock;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Takes an error as lines: status, {@code error}, {@code suberror}, number, {@code Retry-After},
 * {@code Date}; what follows is the description, which is read once as it is and once with our
 * token and secret in the middle of it.
 */
public final class ErrorFuzz {

  private static final int LINES = 7;
  private static final Clock CLOCK = new MutableClock();
  private static final AnswerReader READER = new AnswerReader(CLOCK);
  private static final Scrubber SCRUBBER = new Scrubber(List.of(Outcomes.TOKEN, Outcomes.SECRET));
  private static final Pattern OPAQUE = Pattern.compile("[A-Za-z0-9_+=~%-]{40}");
  private static final JsonFactory JSON = new JsonFactory();

  private ErrorFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", LINES);
    String description = line(lines, LINES - 1);
    check(lines, description);
    int middle =
        description.offsetByCodePoints(0, description.codePointCount(0, description.length()) / 2);
    String before = description.substring(0, middle);
    String after = description.substring(middle);
    check(lines, before + Outcomes.TOKEN + after + " " + Outcomes.SECRET + after);
    clocks(line(lines, 3), description);
    scrubbed(before, after);
  }

  private static void check(String[] lines, String description) {
    String status = line(lines, 0);
    byte[] json =
        json(line(lines, 1), line(lines, 2), line(lines, 3), description)
            .getBytes(StandardCharsets.UTF_8);
    Exchanged.Answer answer =
        new Exchanged.Answer(
            status.matches("[45][0-9]{2}") ? Integer.parseInt(status) : 400,
            Map.of("retry-after", line(lines, 4), "date", line(lines, 5)),
            Body.of(json, json.length),
            null);
    Redemption redemption =
        READER.read(
            answer,
            new Sent(CLOCK.instant(), Duration.ZERO, "sent", SCRUBBER, RefreshTokens.SINGLE_USE));
    Outcomes.check(redemption);
    Require.that(redemption instanceof Refused, "an error is no success");
  }

  private static void clocks(String code, String description) {
    Instant now = CLOCK.instant();
    Told told = ClockText.read(code, description, now);
    Instant latest = now.plus(Duration.ofDays(1));
    Require.that(isBefore(told.issuedAt(), latest), "issued in future");
    Require.that(isBefore(told.validFrom(), latest), "valid from a day in future");
    Require.that(told.clock() != null || told.equals(Told.NOTHING), "times of no clock");
  }

  private static boolean isBefore(@Nullable Instant told, Instant latest) {
    return told == null || told.isBefore(latest);
  }

  private static void scrubbed(String before, String after) {
    String clean = SCRUBBER.clean(before + Outcomes.TOKEN + after);
    Require.that(!clean.contains(Outcomes.TOKEN), "the token is told");
    Require.that(!OPAQUE.matcher(clean).find(), "what looks like a secret is told");
    String split = SCRUBBER.clean(before + Outcomes.SECRET.replace(' ', '\n') + after);
    Require.that(!split.contains(Outcomes.SECRET), "the secret is told");
  }

  private static String line(String[] lines, int number) {
    return number < lines.length ? lines[number] : "";
  }

  private static String json(String error, String suberror, String code, String description) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("error", error.isBlank() ? "invalid_grant" : error);
      json.writeStringProperty("suberror", suberror);
      json.writeStringProperty("error_description", description);
      json.writeArrayPropertyStart("error_codes");
      json.writeString(code);
      json.writeEndArray();
      json.writeStringProperty("trace_id", suberror);
      json.writeEndObject();
    }
    return text.toString();
  }
}
