package io.refreshd.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A PostgreSQL server in a folder, durable as a real one, that can be killed and started again. */
public final class OwnPostgres implements AutoCloseable {

  /** Machines are slow and shared. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path data;
  private final int port;
  private final Map<String, String> settings;
  private @Nullable EmbeddedPostgres running;

  private OwnPostgres(Path data, int port, Map<String, String> settings) {
    this.data = data;
    this.port = port;
    this.settings = settings;
  }

  /** Starts one in a folder that is empty or not there yet. */
  public static OwnPostgres start(Path data) throws IOException {
    return start(data, Map.of());
  }

  private static OwnPostgres start(Path data, Map<String, String> settings) throws IOException {
    OwnPostgres server = new OwnPostgres(data, freePort(), settings);
    server.startAgain();
    return server;
  }

  /** The same with settings of its own; skips the test where no server can be started. */
  public static OwnPostgres startOrSkip(Path data, Map<String, String> settings) {
    try {
      return start(data, settings);
    } catch (IOException | RuntimeException e) {
      return Assumptions.<OwnPostgres>abort("no PostgreSQL can be started here: " + e);
    }
  }

  /** Starts it, anew or after a kill: what had been committed must be there. */
  public void startAgain() throws IOException {
    // by itself the embedded server takes no care that anything gets to the disk
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setPGStartupWait(PATIENCE)
            .setPort(port);
    settings.forEach(builder::setServerConfig);
    running = builder.start();
  }

  /** To its first database, as its first user. */
  public String url() {
    return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
  }

  public int port() {
    return port;
  }

  /** Kills the postmaster, as a crash would: its children end by themselves. */
  public void kill() throws IOException {
    if (running != null) {
      killProcesses();
      // it finds nothing to stop, says so, and gives back its lock on the folder
      running.close();
      running = null;
    }
  }

  private void killProcesses() throws IOException {
    List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
    ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
        .ifPresent(
            postmaster -> {
              List<ProcessHandle> all = new ArrayList<>(postmaster.children().toList());
              all.add(postmaster);
              postmaster.destroyForcibly();
              all.forEach(
                  one -> one.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
            });
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Kills it and deletes what it kept. */
  @Override
  public void close() throws IOException {
    if (running != null) {
      killProcesses();
    }
    try (var files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** For a shutdown hook. */
  void closeUnchecked() {
    try {
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
