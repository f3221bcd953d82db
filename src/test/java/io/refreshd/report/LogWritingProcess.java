package io.refreshd.report;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.Consumer;

/** A process of its own that lets entries happen in a shared store, and catches up after each. */
final class LogWritingProcess {

  static final String STORE = "shared-";

  private static final long LIMIT = 20_000;

  private LogWritingProcess() {}

  static Process start(Path log, Path counter, int entries) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            LogWritingProcess.class.getName(),
            log.toString(),
            counter.toString(),
            String.valueOf(entries))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public static void main(String[] args) throws IOException {
    Path counter = Path.of(args[1]);
    RotationLogFile file = new RotationLogFile(Path.of(args[0]), new CountedStore(counter), LIMIT);
    for (int i = 0; i < Integer.parseInt(args[2]); i++) {
      Files.write(counter, new byte[1], StandardOpenOption.APPEND);
      file.catchUp();
    }
  }

  /** A log that is as long as the counter file, and the same for all who share that file. */
  private static final class CountedStore extends LogKeepingStore {
    private final Path counter;
    private long known;

    CountedStore(Path counter) {
      super(STORE);
      this.counter = counter;
    }

    @Override
    public long read(LogQuery query, Consumer<LoggedEntry> reader) {
      try {
        for (long size = Files.size(counter); known < size; known++) {
          append(Entry.of(Instant.EPOCH, new GrantName("germany", "live"), Event.ROTATED, null));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return super.read(query, reader);
    }
  }
}
