package io.refreshd.report;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The rolling rotation log could not be written: full disk, no permission, a file that is something
 * else. The store has every entry all the same, and the next catch-up that can, writes what is
 * missing.
 */
public final class RotationLogException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private RotationLogException(Path file, String why, Throwable cause) {
    super(
        "rotation log "
            + file
            + ": "
            + why
            + "; the store has every entry, and what is missing here is written as soon as it can"
            + " be",
        cause);
  }

  static RotationLogException of(Path file, IOException e) {
    return new RotationLogException(file, why(e), e);
  }

  static String why(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such folder";
    }
    if (e instanceof AccessDeniedException) {
      return "no permission";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
