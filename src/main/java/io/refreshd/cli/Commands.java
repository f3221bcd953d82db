package io.refreshd.cli;

import io.refreshd.daemon.Assembly;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands. Only the one that is asked for is made: picocli readies its readers of numbers,
 * paths and times anew for each, and for all of them that takes a sixth of a short command.
 */
final class Commands {

  private static final Map<String, Function<Refreshd, CommandSpec>> ALL = all();

  private Commands() {}

  /** Adds the command that the arguments ask for; all where that, or whether, is not plain. */
  static void add(CommandSpec top, Refreshd refreshd, String... arguments) {
    int position = position(arguments);
    String first = position < arguments.length ? arguments[position] : "";
    Function<Refreshd, CommandSpec> asked = ALL.get(first);
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

  private static Map<String, Function<Refreshd, CommandSpec>> all() {
    Map<String, Function<Refreshd, CommandSpec>> all = new LinkedHashMap<>();
    all.put("run", refreshd -> new RunCommand(refreshd).spec());
    all.put("check", refreshd -> new CheckCommand(refreshd).spec());
    all.put("status", refreshd -> new StatusCommand(refreshd).spec());
    all.put("doctor", refreshd -> new DoctorCommand(refreshd).spec());
    all.put("log", refreshd -> new LogCommand(refreshd).spec());
    all.put("rotate", refreshd -> new RotateCommand(refreshd).spec());
    all.put("import", refreshd -> new ImportCommand(refreshd).spec());
    all.put("reveal", refreshd -> new RevealCommand(refreshd).spec());
    all.put("forget", refreshd -> new ForgetCommand(refreshd).spec());
    all.put("key", refreshd -> new KeyCommand(refreshd).spec());
    all.put("backup", refreshd -> new BackupCommand(refreshd).spec());
    all.put("restore", refreshd -> new RestoreCommand(refreshd).spec());
    all.put("migrate-store", refreshd -> new MigrateStoreCommand(refreshd).spec());
    all.put("policy", refreshd -> new PolicyCommand(refreshd).spec());
    all.put("alert", refreshd -> new AlertCommand(refreshd, Assembly::alerter).spec());
    all.put("simulate", refreshd -> new SimulateCommand(refreshd).spec());
    all.put("sandbox", refreshd -> new SandboxCommand(refreshd).spec());
    all.put("demo", refreshd -> new DemoCommand(refreshd).spec());
    return all;
  }
}
