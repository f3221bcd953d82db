package io.refreshd.alert;

import io.refreshd.rotation.Alerter.UndeliveredException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One run of a command for one alert. */
final class CommandDelivery implements Delivery {

  /** {@code error=2, No such file}; from JDK 22 on {@code error: 2 (No such file)}. */
  private static final Pattern REASON = Pattern.compile("error(?:=|: )\\d+(?:, | \\()([^()]*)");

  /** Above it the exit code is the number of the signal that ended the command at its work. */
  private static final int KILLED = 128;

  private final ProcessBuilder builder;
  private final String input;
  private @Nullable Process process;
  private boolean aborted;
  private volatile boolean mayHaveArrived;

  CommandDelivery(ProcessBuilder builder, String input) {
    this.builder = builder;
    this.input = input;
  }

  @Override
  public String target() {
    return builder.command().get(0);
  }

  @Override
  public void run() throws UndeliveredException {
    Process started = start();
    CommandOutput output = new CommandOutput(started.getInputStream());
    thread(() -> feed(started));
    try {
      int code = started.waitFor();
      mayHaveArrived = code > KILLED;
      if (code != 0) {
        String quote = new Quotation(List.of()).firstLine(output.text());
        throw new UndeliveredException(
            target() + " ended with exit code " + code + quote, mayHaveArrived);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UndeliveredException(target() + ": given up, refreshd is stopping", mayHaveArrived);
    }
  }

  /** Under the lock, so that an abort finds the process or keeps it from starting. */
  private synchronized Process start() throws UndeliveredException {
    if (aborted) {
      throw new UndeliveredException(target() + ": given up before it started");
    }
    try {
      Process started = builder.start();
      process = started;
      mayHaveArrived = true;
      return started;
    } catch (IOException e) {
      throw new UndeliveredException("cannot run " + target() + ": " + why(e));
    }
  }

  /** What the JDK's message says behind the program's name, or all of it if it looks otherwise. */
  private static String why(IOException e) {
    String text = String.valueOf(e.getMessage());
    Matcher reason = REASON.matcher(text);
    return Text.line(reason.find() ? reason.group(1) : text, 160);
  }

  private void feed(Process started) {
    try (OutputStream stdin = started.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // a command need not read it; whether it did its work it tells by its exit code
    }
  }

  @Override
  public boolean mayHaveArrived() {
    return mayHaveArrived;
  }

  @Override
  public synchronized void abort() {
    aborted = true;
    if (process != null && process.isAlive()) {
      kill(process.toHandle());
    }
  }

  /** The children are listed before: those of a dead process cannot be found any more. */
  private static void kill(ProcessHandle process) {
    List<ProcessHandle> children = process.children().toList();
    process.destroyForcibly();
    children.forEach(CommandDelivery::kill);
  }

  static void thread(Runnable task) {
    Thread thread = new Thread(task, "refreshd-alert-command");
    thread.setDaemon(true);
    thread.start();
  }
}
