package io.refreshd.cli;

import io.refreshd.grant.Shown;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What a person is told of a command line that cannot be. An argument is named by its place and
 * never shown in full: it may be a token, and a journal may keep what is said.
 */
final class WrongUsage {

  private static final Pattern OPTION = Pattern.compile("(--?[a-z][a-z-]{0,20})(=.*)?");

  private final ParameterException mistake;
  private final List<String> arguments;

  WrongUsage(ParameterException mistake, String... arguments) {
    this.mistake = mistake;
    this.arguments = Arrays.asList(arguments);
  }

  String message() {
    if (mistake instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched().get(0));
    }
    String message = String.valueOf(mistake.getMessage());
    for (String argument : arguments) {
      message = cut(cut(message, argument), argument.substring(argument.indexOf('=') + 1));
    }
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  String hint() {
    boolean isUnmatched = mistake instanceof UnmatchedArgumentException;
    List<String> meant =
        mistake instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    if (!meant.isEmpty()) {
      return "did you mean " + String.join(" or ", meant) + "?";
    }
    return isUnmatched && mistake.getCommandLine().getCommand() instanceof ImportCommand
        ? "a token is read from standard input: refreshd import GRANT < FILE"
        : mistake.getCommandLine().getCommandSpec().qualifiedName() + " --help";
  }

  private String unmatched(String first) {
    Matcher option = OPTION.matcher(first);
    if (option.matches()) {
      return "there is no option " + option.group(1);
    }
    int place = arguments.lastIndexOf(first) + 1;
    return (place == 0 ? "an argument" : "argument " + place)
        + (mistake.getCommandLine().getSubcommands().isEmpty()
            ? " is one too many"
            : " is no command");
  }

  private static String cut(String message, String argument) {
    return message.replace(argument, Shown.of(argument));
  }
}
