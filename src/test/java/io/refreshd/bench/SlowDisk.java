package io.refreshd.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A disk whose syncs take longer than this machine's, for processes that are started with its
 * environment: by a library that is preloaded into them, and made by the C compiler of this
 * machine.
 */
final class SlowDisk {

  private SlowDisk() {}

  /**
   * What to start a process with.
   *
   * @param micros how much longer each sync takes
   * @throws IOException if there is no C compiler here
   */
  static Map<String, String> environment(Path folder, int micros)
      throws IOException, InterruptedException {
    Path source = folder.resolve("slow-sync.c");
    try (InputStream in =
        Objects.requireNonNull(SlowDisk.class.getResourceAsStream("slow-sync.c"))) {
      Files.copy(in, source);
    }
    Path library = folder.resolve("slow-sync.so");
    Process compiler =
        new ProcessBuilder(
                List.of(
                    "cc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString()))
            .inheritIO()
            .start();
    if (compiler.waitFor() != 0) {
      throw new IOException("cc could not compile " + source);
    }
    return Map.of("LD_PRELOAD", library.toString(), "SLOW_SYNC_MICROS", Integer.toString(micros));
  }
}
