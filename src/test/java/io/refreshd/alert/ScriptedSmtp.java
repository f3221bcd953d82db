package io.refreshd.alert;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mail server that takes everything but what its script has another reply for. */
final class ScriptedSmtp implements ScriptedServer.Behaviour {

  private final Map<String, String> script;
  private final List<String> commands = new CopyOnWriteArrayList<>();

  /**
   * @param script replies by the beginning of a command; {@code greeting} for the first reply, an
   *     empty reply hangs up
   */
  ScriptedSmtp(Map<String, String> script) {
    this.script = script;
  }

  /** What it was told, without the mails. */
  List<String> commands() {
    return commands;
  }

  @Override
  public void to(Socket connection) throws IOException {
    reply(connection, script.getOrDefault("greeting", "220 here"));
    while (true) {
      String command = ScriptedServer.readLine(connection);
      commands.add(command);
      reply(connection, reply(command));
      if (command.equals("DATA") && !script.containsKey("DATA")) {
        while (!ScriptedServer.readLine(connection).equals(".")) {}
        reply(connection, script.getOrDefault(".", "250 taken"));
      }
    }
  }

  private static void reply(Socket connection, String reply) throws IOException {
    if (reply.isEmpty()) {
      throw new IOException("hung up");
    }
    ScriptedServer.write(connection, reply + "\r\n");
  }

  private String reply(String command) {
    return script.entrySet().stream()
        .filter(entry -> command.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseGet(() -> usual(command.toUpperCase(Locale.ROOT)));
  }

  private static String usual(String command) {
    return command.startsWith("EHLO")
        ? "250-here\r\n250 AUTH PLAIN LOGIN"
        : command.startsWith("DATA") ? "354 go on" : "250 good";
  }
}
