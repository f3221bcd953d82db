package io.refreshd.report;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Sighting;
import io.refreshd.rotation.Sightings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * What the rolling file and the files that were rolled away still tell when the store is lost:
 * which generations there have been.
 */
public final class LogHistory {

  private static final String LOST = RefusalKind.LOST_ANSWER.word();
  private static final String FORGOTTEN = Event.FORGOTTEN.word();

  /**
   * An entry that the files must have.
   *
   * @param seq its number, 0 for the beginning of the log
   * @param hash its hash; {@code null} likewise
   */
  public record Anchor(long seq, @Nullable String hash) {

    private boolean isIn(long number, Map<String, String> fields) {
      return number == seq && fields.getOrDefault("hash", "").equals(hash);
    }
  }

  private final Path file;
  private final Anchor from;
  private final @Nullable Anchor to;
  private final Sightings sightings;
  private boolean isFromSeen;
  private boolean isToSeen;
  private boolean isGap;
  private long last;

  /**
   * A look from one entry to another, and beyond.
   *
   * @param to the newest entry that is known of; {@code null} if nobody knows how far the log went,
   *     and so not whether all of it is there
   * @param sightings takes note of the generations
   */
  public LogHistory(Path file, Anchor from, @Nullable Anchor to, Sightings sightings) {
    this.file = file;
    this.from = from;
    this.to = to;
    this.sightings = sightings;
  }

  /**
   * Reads all files.
   *
   * @return whether they hold every entry from the one to the other, and to their end
   * @throws RotationLogException if one cannot be read
   */
  public boolean read() {
    for (Path one : new RolledLogs(file).oldestFirst()) {
      try (BufferedReader lines = open(one)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          follow(line);
        }
      } catch (IOException e) {
        throw RotationLogException.of(one, e);
      }
    }
    return isFromSeen && isToSeen && !isGap;
  }

  /** A byte that is no UTF-8 spoils its line, not the file. */
  private static BufferedReader open(Path file) throws IOException {
    return new BufferedReader(
        new java.io.InputStreamReader(
            Files.newInputStream(file),
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)));
  }

  private void follow(String line) {
    Map<String, String> fields = fields(line);
    long number = number(fields.get("seq"));
    if (number <= 0) {
      isGap |= isFromSeen;
      return;
    }
    // a smaller number: after a restore the file is begun anew. unless it begins where the log does
    // it lacks what came before, so the entry to look from must be in this log too
    isFromSeen &= number > last || number == 1;
    isGap |= isFromSeen && number > last + 1;
    isFromSeen |= from.isIn(number, fields);
    isToSeen |= to != null && to.isIn(number, fields);
    isGap |= !isFromSeen && number > from.seq();
    last = number;
    note(fields, number > from.seq());
  }

  private void note(Map<String, String> fields, boolean isSince) {
    String grant = fields.get("grant");
    long generation = number(fields.get("generation"));
    if (grant == null || generation <= 0 || generation > Integer.MAX_VALUE) {
      return;
    }
    try {
      GrantName name = GrantName.parse(grant);
      if (isSince && FORGOTTEN.equals(fields.get("event"))) {
        sightings.addForgotten(name);
      }
      sightings.add(
          new Sighting(
              name,
              (int) generation,
              fields.get("fingerprint"),
              LOST.equals(fields.get("kind")),
              file.getFileName().toString()));
    } catch (IllegalArgumentException notOurs) {
      isGap |= isFromSeen;
    }
  }

  private static long number(@Nullable String text) {
    return text == null || !text.matches("[0-9]{1,18}") ? 0 : Long.parseLong(text);
  }

  /** The fields of a line that have a value; none if it is no line of ours. */
  private static Map<String, String> fields(String line) {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = Json.FACTORY.createParser(ObjectReadContext.empty(), line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Map.of();
      }
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        JsonToken value = json.nextToken();
        if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
          fields.put(name, json.getString());
        } else {
          json.skipChildren();
        }
      }
      return fields;
    } catch (JacksonException notOurs) {
      return Map.of();
    }
  }
}
