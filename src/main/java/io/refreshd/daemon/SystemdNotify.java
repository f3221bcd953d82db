package io.refreshd.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends by {@code systemd-notify(1)}, because Java has no datagram sockets of the Unix kind. The
 * unit needs {@code NotifyAccess=all} for it. The child inherits nothing but the socket's name: the
 * environment of the daemon may hold client secrets.
 */
final class SystemdNotify implements NotifySocket {

  private static final Logger LOG = LoggerFactory.getLogger(SystemdNotify.class);

  private static final String SOCKET = "NOTIFY_SOCKET";

  /** It waits up to five seconds itself until systemd has taken the message. */
  private static final Duration LIMIT = Duration.ofSeconds(8);

  private static final int LONGEST_COMPLAINT = 200;

  private final String program;
  private final String socket;
  private final Duration limit;
  private boolean complained;

  /**
   * A sender.
   *
   * @param program {@code systemd-notify}, or a path to it
   * @param socket the socket's name
   * @param limit how long one message may take
   */
  SystemdNotify(String program, String socket, Duration limit) {
    this.program = program;
    this.socket = socket;
    this.limit = limit;
  }

  /** The way to the service manager that started this process; empty if none listens. */
  static Optional<NotifySocket> find(Map<String, String> environment) {
    String socket = environment.getOrDefault(SOCKET, "");
    return socket.isEmpty()
        ? Optional.empty()
        : Optional.of(new SystemdNotify("systemd-notify", socket, LIMIT));
  }

  /** How long the service manager waits for a sign of life, sd_watchdog_enabled(3). */
  static Optional<Duration> watchdog(Map<String, String> environment) {
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    String pid = environment.getOrDefault("WATCHDOG_PID", "");
    boolean isOurs = pid.isEmpty() || pid.equals(Long.toString(ProcessHandle.current().pid()));
    return isOurs && micros.matches("[1-9][0-9]{0,17}")
        ? Optional.of(Duration.of(Long.parseLong(micros), ChronoUnit.MICROS))
        : Optional.empty();
  }

  @Override
  public synchronized void send(String... assignments) {
    try {
      List<String> command = new ArrayList<>(List.of(program));
      command.addAll(List.of(assignments));
      run(command).ifPresent(this::complain);
    } catch (IOException e) {
      complain(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs it; gives what it complains of. */
  private Optional<String> run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().put(SOCKET, socket);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.of("it does not end");
      }
      return process.exitValue() == 0 ? Optional.empty() : Optional.of(complaint(process));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String complaint(Process process) throws IOException {
    try (InputStream error = process.getErrorStream()) {
      String text = new String(error.readNBytes(LONGEST_COMPLAINT), StandardCharsets.UTF_8);
      return "exit " + process.exitValue() + " " + text.strip();
    }
  }

  /** Said once: the daemon does its work all the same. */
  private void complain(String why) {
    if (!complained) {
      complained = true;
      LOG.warn("systemd is not told how the daemon is: {} does not work ({})", program, why);
    }
  }
}
