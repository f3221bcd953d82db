package io.refreshd.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; every problem of every file is named. Holds no secret. */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;
  private final transient List<Problem> problems;

  public ConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** At least one, sorted by file and place. */
  public List<Problem> problems() {
    return problems;
  }
}
