package io.refreshd.cli;

import io.refreshd.daemon.Assembly;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/**
 * The commands. Only the one that is asked for is made: to read the annotations of all of them is
 * most of the work of a short command.
 */
final class Commands {

  private static final Map<String, Function<Refreshd, Object>> ALL = all();

  private Commands() {}

  /** Adds the command that the arguments ask for; all where that, or whether, is not plain. */
  static void add(CommandLine top, Refreshd refreshd, String... arguments) {
    int position = position(arguments);
    String first = position < arguments.length ? arguments[position] : "";
    Function<Refreshd, Object> asked = ALL.get(first);
    if (asked != null) {
      top.addSubcommand(first, asked.apply(refreshd));
    } else {
      ALL.forEach((name, make) -> top.addSubcommand(name, make.apply(refreshd)));
    }
  }

  /** Where the command stands if nothing but {@code --config} comes before it. */
  private static int position(String... arguments) {
    String first = arguments.length == 0 ? "" : arguments[0];
    if (first.equals(Refreshd.CONFIG_OPTION)) {
      return 2;
    }
    return first.startsWith(Refreshd.CONFIG_OPTION + "=") ? 1 : 0;
  }

  private static Map<String, Function<Refreshd, Object>> all() {
    Map<String, Function<Refreshd, Object>> all = new LinkedHashMap<>();
    all.put("run", RunCommand::new);
    all.put("check", CheckCommand::new);
    all.put("status", StatusCommand::new);
    all.put("doctor", DoctorCommand::new);
    all.put("log", Commands::log);
    all.put("rotate", RotateCommand::new);
    all.put("import", ImportCommand::new);
    all.put("reveal", RevealCommand::new);
    all.put("forget", ForgetCommand::new);
    all.put("key", KeyCommand::new);
    all.put("backup", BackupCommand::new);
    all.put("restore", RestoreCommand::new);
    all.put("migrate-store", MigrateStoreCommand::new);
    all.put("policy", PolicyCommand::new);
    all.put("alert", refreshd -> new AlertCommand(refreshd, Assembly::alerter));
    all.put("simulate", SimulateCommand::new);
    all.put("sandbox", SandboxCommand::new);
    all.put("demo", DemoCommand::new);
    return all;
  }

  private static CommandLine log(Refreshd refreshd) {
    return new CommandLine(new LogCommand(refreshd))
        .addSubcommand("verify", new LogVerifyCommand(refreshd));
  }
}
