package io.refreshd.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** How a command is written, for picocli: what it is for, and what it takes. */
final class Syntax {

  private Syntax() {}

  /** The syntax of a command that takes these, and is asked for help as every command is. */
  static CommandSpec of(Object command, String description, Argument<?>... arguments) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(command).versionProvider(new Version());
    spec.usageMessage()
        .description(description)
        .synopsisSubcommandLabel("COMMAND")
        .sortOptions(false);
    for (Argument<?> argument : arguments) {
      spec.add(argument.spec());
    }
    return spec.addOption(
            OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .usageHelp(true)
                .description("Show this help message and exit.")
                .build())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .type(boolean.class)
                .versionHelp(true)
                .description("Print version information and exit.")
                .build());
  }
}
