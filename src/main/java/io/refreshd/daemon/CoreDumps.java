package io.refreshd.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps tokens out of core dumps, however this process was started. The limit on their size cannot
 * be set from Java, what they hold can: Linux asks {@code /proc/self/coredump_filter} (core(5))
 * which memory goes into one.
 */
public final class CoreDumps {

  private static final Logger LOG = LoggerFactory.getLogger(CoreDumps.class);
  private static final Path FILTER = Path.of("/proc/self/coredump_filter");
  private static final String NO_MEMORY_AT_ALL = "0";

  private CoreDumps() {}

  /** From now on a core dump of this process, or of a child, holds none of its memory. */
  public static void withoutMemory() {
    try {
      Files.write(
          FILTER, NO_MEMORY_AT_ALL.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    } catch (IOException e) {
      LOG.debug("core dumps are as the system makes them: {}", e.toString());
    }
  }
}
