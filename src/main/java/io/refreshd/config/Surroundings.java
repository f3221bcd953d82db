package io.refreshd.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a process finds around it.
 *
 * @param environment its variables
 * @param workingDirectory absolute
 */
public record Surroundings(Map<String, String> environment, Path workingDirectory) {

  public Surroundings {
    environment = Map.copyOf(environment);
    if (!workingDirectory.isAbsolute()) {
      throw new IllegalArgumentException("the working directory is absolute: " + workingDirectory);
    }
  }

  /** Without the environment: it holds secrets. */
  @Override
  public String toString() {
    return "Surroundings(" + workingDirectory + ")";
  }

  /** A variable that is set, to something. */
  Optional<String> find(String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
  }

  /**
   * The folder that systemd made for the unit ({@code $STATE_DIRECTORY} and the like); the first if
   * there are several, with colons between them (systemd.exec(5), RuntimeDirectory=).
   */
  Optional<Path> findDirectory(String variable) {
    return find(variable)
        .map(value -> value.split(":", 2)[0])
        .filter(first -> !first.isEmpty())
        .map(workingDirectory::resolve);
  }
}
