package io.refreshd.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a dead client sent and its server has not come to yet. The kernel knows: the server's end of
 * such a connection waits to be closed. On a busy machine that takes longer than any fixed pause.
 */
final class Unread {

  private static final List<Path> CONNECTIONS =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  /** The state of a connection whose other end is closed. */
  private static final String CLOSE_WAIT = "08";

  private Unread() {}

  /** Waits until a server has done what dead clients asked; at once where the kernel is silent. */
  static void awaitNone(int port) throws IOException, InterruptedException {
    long end = System.nanoTime() + Victim.PATIENCE.toNanos();
    while (isAny(port)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the server on port " + port + " does not come to its requests");
      }
      TimeUnit.MILLISECONDS.sleep(5); // the server, another process or its threads, is waited for
    }
  }

  private static boolean isAny(int port) throws IOException {
    String local = String.format(Locale.ROOT, ":%04X", port);
    for (Path connections : CONNECTIONS) {
      if (Files.exists(connections)
          && Files.readAllLines(connections).stream().anyMatch(line -> isUnread(line, local))) {
        return true;
      }
    }
    return false;
  }

  /** A line is: number, local address, remote address, state, and more. */
  private static boolean isUnread(String line, String local) {
    String[] columns = line.strip().split("\\s+", -1);
    return columns.length > 3 && columns[1].endsWith(local) && columns[3].equals(CLOSE_WAIT);
  }
}
