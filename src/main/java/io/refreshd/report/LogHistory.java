package io.refreshd.report;

import io.refreshd.grant.GrantName;
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

  private final Path file;
  private final long seq;
  private final @Nullable String hash;
  private final Sightings sightings;
  private boolean isKnownFrom;
  private boolean isGap;
  private long last;

  /**
   * A look from an entry on.
   *
   * @param seq the number of that entry
   * @param hash of that entry; {@code null} if there is none
   * @param sightings takes note of the generations
   */
  public LogHistory(Path file, long seq, @Nullable String hash, Sightings sightings) {
    this.file = file;
    this.seq = seq;
    this.hash = hash;
    this.sightings = sightings;
  }

  /**
   * Reads all files.
   *
   * @return the number of the newest entry, if the files hold every entry from the given one to it;
   *     0 if they do not
   * @throws RotationLogException if one cannot be read
   */
  public long read() {
    for (Path one : new RolledLogs(file).oldestFirst()) {
      try (BufferedReader lines = open(one)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          follow(line);
        }
      } catch (IOException e) {
        throw RotationLogException.of(one, e);
      }
    }
    return isKnownFrom && !isGap ? last : 0;
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
      isGap |= isKnownFrom;
      return;
    }
    // a smaller number: after a restore the log is written from its beginning
    isGap |= isKnownFrom && number > last + 1;
    isKnownFrom |= number == seq && fields.getOrDefault("hash", "").equals(hash);
    isGap |= !isKnownFrom && number > seq;
    last = number;
    note(fields);
  }

  private void note(Map<String, String> fields) {
    String grant = fields.get("grant");
    long generation = number(fields.get("generation"));
    if (grant == null || generation <= 0 || generation > Integer.MAX_VALUE) {
      return;
    }
    try {
      sightings.add(
          new Sighting(
              GrantName.parse(grant),
              (int) generation,
              fields.get("fingerprint"),
              LOST.equals(fields.get("kind")),
              file.getFileName().toString()));
    } catch (IllegalArgumentException notOurs) {
      isGap |= isKnownFrom;
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
