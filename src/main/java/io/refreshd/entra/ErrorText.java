package io.refreshd.entra;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code error_description} of an answer, made even: Entra puts no-break spaces between its
 * sentences, and proxies and loggers make HTML entities or mojibake of them.
 */
final class ErrorText {

  /** The last is a no-break space in UTF-8 that was read as Latin-1, or the other way round. */
  private static final Pattern NO_BREAK_SPACE = Pattern.compile("&nbsp;|&#160;|\u00c2\\s|\ufffd");

  /** Longer ones are no explanation. */
  private static final int LONGEST = 4096;

  private final String text;

  private ErrorText(String text) {
    this.text = text;
  }

  static ErrorText of(@Nullable String description) {
    String text = description == null ? "" : description;
    String bounded = text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    return new ErrorText(Text.flat(NO_BREAK_SPACE.matcher(Text.flat(bounded)).replaceAll(" ")));
  }

  /** A place in a text where a {@link TextTime#POINT} stands, behind these words. */
  static Pattern pointAfter(String words) {
    return after(words, TextTime.POINT);
  }

  /** A place in a text where a {@link TextTime#SPAN} stands, behind these words. */
  static Pattern spanAfter(String words) {
    return after(words, TextTime.SPAN);
  }

  /** A place in a text where seconds since 1970 stand, behind these words; B2C writes so. */
  static Pattern secondsAfter(String words) {
    return after(words, "[0-9]{10}(?![0-9])");
  }

  private static Pattern after(String words, String time) {
    return Pattern.compile("\\b(?:" + words + ")[ :]+['\"\u2019]?(" + time + ")");
  }

  /** The instant that stands there; {@code null} if none does. */
  @Nullable Instant instant(Pattern place) {
    String found = find(place);
    if (found == null) {
      return null;
    }
    return found.indexOf('-') < 0
        ? Instant.ofEpochSecond(Long.parseLong(found))
        : TextTime.instant(found);
  }

  /** The duration that stands there; {@code null} if none does. */
  @Nullable Duration duration(Pattern place) {
    String found = find(place);
    return found == null ? null : TextTime.duration(found);
  }

  private @Nullable String find(Pattern place) {
    Matcher matcher = place.matcher(text);
    return matcher.find() ? matcher.group(1) : null;
  }
}
