package io.refreshd.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads small UTF-8 files whole, and no more than is allowed of large ones. */
final class TextFile {

  private static final int KIB = 1024;

  /** Open files but for standard input, output and error: those are not made by a shell. */
  private static final Pattern HANDED_OVER =
      Pattern.compile("(/dev|/proc/[^/]+)/fd/([3-9]|[1-9][0-9]+)");

  private TextFile() {}

  /**
   * The text of a file that a configuration names: a regular one, for it is read anew at each
   * reload, when a pipe would be empty, or have to be waited for.
   *
   * @param place where a problem is reported
   * @param limit in KiB
   */
  static String read(Path path, int limit, Place place) throws Mistake {
    if (Files.exists(path) && !Files.isDirectory(path) && !Files.isRegularFile(path)) {
      throw new Mistake(place, "is no regular file; would be one");
    }
    return text(path, limit, place);
  }

  /**
   * The same of a file that is named in a command, where a shell may hand one over, as by {@code
   * <(generate)}: that is written to as it is read.
   */
  static String readNamedInCommand(Path path, int limit, Place place) throws Mistake {
    return HANDED_OVER.matcher(path.toString()).matches()
        ? text(path, limit, place)
        : read(path, limit, place);
  }

  private static String text(Path path, int limit, Place place) throws Mistake {
    byte[] bytes = bytes(path, limit, place);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Mistake(place, "is not UTF-8 text; would be saved as UTF-8");
    }
  }

  private static byte[] bytes(Path path, int limit, Place place) throws Mistake {
    if (Files.isDirectory(path)) {
      throw new Mistake(place, "is a folder; would be a file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(limit * KIB + 1);
      if (bytes.length > limit * KIB) {
        throw new Mistake(place, "is larger than " + limit + " KiB; would be smaller");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new Mistake(place, "does not exist; would be a file");
    } catch (AccessDeniedException e) {
      throw new Mistake(place, "may not be read; would be readable for the user of this process");
    } catch (IOException e) {
      throw new Mistake(place, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }
}
