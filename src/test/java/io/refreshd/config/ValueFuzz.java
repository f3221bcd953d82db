package io.refreshd.config;

import io.refreshd.config.Node.Scalar;
import io.refreshd.fuzz.Require;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Takes one text, and reads it as each of the small things that texts may stand for. */
public final class ValueFuzz {

  private static final Place PLACE = new SourceFile(Path.of("/r.yaml"), "r.yaml").whole();
  private static final GrantName LONG = new GrantName("a".repeat(100), "a".repeat(100));

  private ValueFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    duration(text);
    date(text);
    TimeSpans.find(text).ifPresent(span -> Require.that(!span.isNegative(), "below zero: " + span));
    name(text);
    token(text);
    Selector selector = Selector.parse(text);
    Require.that(selector.toString().equals(text), "another selector");
    Require.that(!selector.matches(LONG) || text.matches("(?s)[a*?/]*"), "matches at will");
  }

  private static void duration(String text) {
    try {
      Duration duration = Durations.parse(text);
      Require.that(!duration.isNegative() && duration.toNanosPart() == 0, "odd: " + duration);
      Require.that(Durations.parse(Durations.format(duration)).equals(duration), "changed");
    } catch (IllegalArgumentException e) {
      Require.line(String.valueOf(e.getMessage()), 300);
    }
  }

  private static void date(String text) {
    try {
      Instant date = Dates.read(new Scalar(PLACE, text));
      Require.that(date.isAfter(Instant.parse("1999-12-30T00:00:00Z")), "too early: " + date);
    } catch (Mistake e) {
      Require.line(e.words(), 300);
    }
  }

  private static void name(String text) {
    try {
      GrantName name = GrantName.parse(text);
      Require.that(name.toString().equals(text), "another name");
      Require.that(Selector.parse(text).matches(name), "does not match itself");
      Require.that(Selector.parse(name.tenant()).matches(name), "is not of its tenant");
    } catch (IllegalArgumentException e) {
      Require.that(!text.matches("[a-z]+/[a-z]+") || text.length() > 100, "refused");
    }
  }

  private static void token(String text) {
    try {
      byte[] bytes = RefreshToken.of(text).reveal().getBytes(StandardCharsets.UTF_8);
      Require.that(new String(bytes, StandardCharsets.UTF_8).equals(text), "another token");
    } catch (IllegalArgumentException e) {
      Require.that(!text.matches("[!-~]+"), "a token is refused");
    }
  }
}
