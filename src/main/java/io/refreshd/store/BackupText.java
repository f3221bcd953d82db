package io.refreshd.store;

import io.refreshd.rotation.BackupLabel;
import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text that a backup file begins with: its label, and the key of what follows, sealed. It ends
 * with an empty line.
 */
final class BackupText {

  /** The newest form of the file that this program knows. */
  static final int FORMAT = 1;

  private static final String FIRST_WORDS = "refreshd backup ";
  private static final int LIMIT = 4_096;
  private static final Pattern FIRST_LINE = Pattern.compile(FIRST_WORDS + "([0-9]{1,9})\n(?s:.*)");
  private static final Pattern TEXT =
      Pattern.compile(
          """
          (refreshd backup 1
          made: (\\S{1,40})
          store: (-|[0-9a-f]{64})
          log: ([0-9]{1,18}) (-|[0-9a-f]{64})
          grants: ([0-9]{1,9})
          schema: ([0-9]{1,9})
          )key: ((?:[0-9a-f]{2}){1,1000})

          """);

  /** A label, its lines as they stand, and the sealed key. */
  record Read(BackupLabel label, String lines, Sealed key, String whole) {}

  private BackupText() {}

  /** The lines of a label: what the key is bound to. */
  static String lines(BackupLabel label) {
    return FIRST_WORDS
        + FORMAT
        + "\nmade: "
        + label.made()
        + "\nstore: "
        + orDash(label.store())
        + "\nlog: "
        + label.last()
        + " "
        + orDash(label.hash())
        + "\ngrants: "
        + label.grants()
        + "\nschema: "
        + label.schema()
        + "\n";
  }

  /** The whole text: what all that follows is bound to. */
  static String whole(String lines, Sealed key) {
    return lines + "key: " + HexFormat.of().formatHex(key.bytes()) + "\n\n";
  }

  /** Whether what begins so is a backup, of whichever form. */
  static boolean isBackup(String beginning) {
    return beginning.startsWith(FIRST_WORDS);
  }

  /**
   * Reads the text, and leaves the stream behind it.
   *
   * @throws StoreException if it is none, or of a newer form
   */
  static Read read(Path file, InputStream in) throws IOException {
    String text = beforeEmptyLine(in);
    Matcher first = FIRST_LINE.matcher(text);
    if (!first.matches()) {
      throw new StoreException.Damaged(file + " is not a backup that refreshd made", null);
    }
    if (Integer.parseInt(first.group(1)) > FORMAT) {
      throw new StoreException(
          file
              + " was made by a newer refreshd (backup format "
              + first.group(1)
              + ", this one knows "
              + FORMAT
              + "); restore it with that one",
          null);
    }
    Matcher fields = TEXT.matcher(text);
    if (!fields.matches()) {
      throw damaged(file, "its label cannot be read");
    }
    return new Read(
        label(file, fields),
        fields.group(1),
        Sealed.of(HexFormat.of().parseHex(fields.group(8))),
        text);
  }

  static StoreException damaged(Path file, String what) {
    return new StoreException.Damaged(
        "the backup "
            + file
            + " is damaged or was changed ("
            + what
            + "); nothing was restored. take another one",
        null);
  }

  private static BackupLabel label(Path file, Matcher fields) {
    try {
      return new BackupLabel(
          Instant.parse(fields.group(2)),
          orNull(fields.group(3)),
          Long.parseLong(fields.group(4)),
          orNull(fields.group(5)),
          Integer.parseInt(fields.group(6)),
          Integer.parseInt(fields.group(7)));
    } catch (DateTimeException e) {
      throw damaged(file, "its label cannot be read");
    }
  }

  private static String beforeEmptyLine(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.length() < LIMIT && text.indexOf("\n\n", Math.max(0, text.length() - 2)) < 0) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      text.append((char) next);
    }
    return text.toString();
  }

  private static String orDash(@Nullable String text) {
    return text == null ? "-" : text;
  }

  private static @Nullable String orNull(String text) {
    return text.equals("-") ? null : text;
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
