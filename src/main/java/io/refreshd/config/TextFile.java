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

/** Reads small UTF-8 files whole, and no more than is allowed of large ones. */
final class TextFile {

  private static final int KIB = 1024;

  private TextFile() {}

  /**
   * The file's text.
   *
   * @param place where a problem is reported
   * @param limit in KiB
   */
  static String read(Path path, int limit, Place place) throws Mistake {
    byte[] bytes = bytes(path, limit, place);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Mistake(place, "is not UTF-8 text; would be saved as UTF-8");
    }
  }

  /**
   * Whether it is what may have to be waited for: the daemon reads its files at each reload. What a
   * shell hands over for one command, such as {@code /dev/fd/63}, is written to as it is read.
   */
  private static boolean isPipe(Path path) {
    boolean isHandedOver = path.startsWith("/dev") || path.startsWith("/proc");
    return !isHandedOver && Files.exists(path) && !Files.isRegularFile(path);
  }

  private static byte[] bytes(Path path, int limit, Place place) throws Mistake {
    if (Files.isDirectory(path)) {
      throw new Mistake(place, "is a folder; would be a file");
    }
    if (isPipe(path)) {
      throw new Mistake(place, "is no regular file; would be one");
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
