package io.refreshd.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;

/**
 * What a person may give to a command: an option with its value, or a word at its place. It is said
 * to picocli by objects. To read the same from annotations takes a tenth of a short command: it has
 * a class made for each kind of annotation, and looks through every field and method.
 *
 * @param <T> what it is read as
 */
class Argument<T> {

  private final ArgSpec spec;

  Argument(ArgSpec spec) {
    this.spec = spec;
  }

  /** An option that may be left out. */
  static <T> Argument<T> option(String name, String label, Class<T> type, String description) {
    return new Argument<>(valued(name, label, type, description).build());
  }

  /** An option that has a value also where it is left out. */
  static <T> Argument<T> option(
      String name, String label, Class<T> type, T otherwise, String description) {
    return new Argument<>(valued(name, label, type, description).initialValue(otherwise).build());
  }

  /** An option that may be left out, and stand before or behind the command. */
  static <T> Argument<T> optionOfAllCommands(
      String name, String label, Class<T> type, String description) {
    return new Argument<>(
        valued(name, label, type, description).scopeType(ScopeType.INHERIT).build());
  }

  /** An option that may be given again and again. */
  static Argument<List<String>> repeatable(String name, String label, String description) {
    return new Argument<>(
        valued(name, label, List.class, description)
            .auxiliaryTypes(String.class)
            .initialValue(List.of())
            .build());
  }

  private static OptionSpec.Builder valued(
      String name, String label, Class<?> type, String description) {
    return OptionSpec.builder(name).paramLabel(label).type(type).description(description);
  }

  /** A word that must be given. */
  static <T> Argument<T> word(int place, String label, Class<T> type, String description) {
    return new Argument<>(
        PositionalParamSpec.builder()
            .index(String.valueOf(place))
            .required(true)
            .paramLabel(label)
            .type(type)
            .description(description)
            .build());
  }

  /** Any number of words. */
  static Argument<List<String>> words(String label, String description) {
    return new Argument<>(
        PositionalParamSpec.builder()
            .arity("0..*")
            .paramLabel(label)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .initialValue(List.of())
            .description(description)
            .build());
  }

  /** For picocli. */
  final ArgSpec spec() {
    return spec;
  }

  /** What was given; else what it has otherwise. For one that is not simply left out. */
  final T get() {
    return spec.getValue();
  }

  /** What was given; {@code null} if nothing was. */
  final @Nullable T orNull() {
    return spec.getValue();
  }
}
