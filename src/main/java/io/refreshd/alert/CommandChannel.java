package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Concern;
import io.refreshd.rotation.Alerter.UndeliveredException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Runs a command for each alert: the {@linkplain GenericBody generic JSON} on its stdin, the rest
 * in {@code REFRESHD_ALERT_CHANGE}, {@code _LEVEL}, {@code _TITLE}, {@code _CAUSE} and {@code
 * _SUBJECTS} (one a line). Exit code 0 means delivered.
 */
public final class CommandChannel implements Channel {

  /** Of our own environment a command gets only these: in the rest there may be secrets. */
  private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "TZ");

  /** Linux takes no variable above 128 KiB; one character is up to three bytes. */
  private static final int LONGEST_VARIABLE = 32 * 1024;

  private final String name;
  private final List<String> command;
  private final TimeLimit time;

  /**
   * @param command the program and its arguments, as they are: no shell reads them
   * @param timeout after which it is killed, with all that it started
   * @throws IllegalArgumentException if the command is empty
   */
  public CommandChannel(String name, List<String> command, Duration timeout) {
    if (command.isEmpty()) {
      throw new IllegalArgumentException(name + ": the command is empty");
    }
    this.name = name;
    this.command = List.copyOf(command);
    this.time = new TimeLimit(timeout);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void deliver(Alert alert) throws UndeliveredException {
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = process.environment();
    environment.keySet().retainAll(INHERITED);
    environment.putAll(variables(alert));
    time.run(new CommandDelivery(process, GenericBody.of(alert)));
  }

  private static Map<String, String> variables(Alert alert) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("REFRESHD_ALERT_CHANGE", GenericBody.change(alert));
    variables.put("REFRESHD_ALERT_LEVEL", alert.level().word());
    variables.put("REFRESHD_ALERT_TITLE", Text.line(alert.title(), LONGEST_VARIABLE));
    variables.put("REFRESHD_ALERT_CAUSE", Text.line(alert.cause(), LONGEST_VARIABLE));
    variables.put("REFRESHD_ALERT_SUBJECTS", subjects(alert.concerns()));
    return variables;
  }

  /** The whole of them is on stdin. */
  private static String subjects(List<Concern> concerns) {
    String all =
        concerns.stream()
            .map(concern -> Text.flat(concern.subject()))
            .collect(Collectors.joining("\n"));
    return all.length() <= LONGEST_VARIABLE
        ? all
        : all.substring(0, all.lastIndexOf('\n', LONGEST_VARIABLE - 2)) + "\n…";
  }

  @Override
  public void close() {
    time.close();
  }
}
