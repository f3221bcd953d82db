package io.refreshd.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Listens as systemd does, on a datagram socket of the Unix kind: Python has those, Java not. */
final class NotifyListener implements AutoCloseable {

  private static final String SCRIPT =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1])
      print('LISTENING', flush=True)
      while True:
          print(s.recv(4096).decode().replace('\\n', ' '), flush=True)
      """;

  private final Path socket;
  private final Path heard;
  private final Process process;

  /** Listens; skips the test where there is no {@code python3} or no {@code systemd-notify}. */
  NotifyListener(Path folder) throws Exception {
    assumeTrue(isThere("systemd-notify"), "there is no systemd-notify here: nothing can be told");
    assumeTrue(isThere("python3"), "there is no python3 here: nobody can listen");
    socket = folder.resolve("notify.sock");
    heard = folder.resolve("heard");
    process =
        new ProcessBuilder("python3", "-c", SCRIPT, socket.toString())
            .redirectOutput(heard.toFile())
            .redirectErrorStream(true)
            .start();
    while (!lines().contains("LISTENING")) {
      if (!process.isAlive()) {
        throw new AssertionError("nobody listens: " + lines());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  static boolean isThere(String program) throws InterruptedException {
    try {
      Process version =
          new ProcessBuilder(program, "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectErrorStream(true)
              .start();
      return version.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  String address() {
    return socket.toString();
  }

  /** The messages so far, each on one line. */
  List<String> lines() throws IOException {
    return Files.readAllLines(heard).stream().filter(line -> !line.equals("BARRIER=1")).toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
