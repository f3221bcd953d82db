package io.refreshd.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The launcher as it is shipped, and a Java that only says what it was asked to do. */
final class Launcher {

  static final Path PATH = Path.of("config/refreshd").toAbsolutePath();

  private static final Path SHELL = Path.of("/bin/sh");

  private Launcher() {}

  /** Skips the test where there is no shell. */
  static void assumeShell() {
    assumeTrue(Files.isExecutable(SHELL), "there is no /bin/sh here: the launcher is not tested");
  }

  /** Puts it beside a jar, as an installation does. */
  static Path install(Path folder, Path jar) throws IOException {
    Files.createDirectories(folder);
    Files.copy(jar, folder.resolve("refreshd.jar"));
    return Files.copy(PATH, folder.resolve("refreshd"));
  }

  /** Puts it beside a jar that no Java would run. */
  static Path install(Path folder) throws IOException {
    Path nothing = Files.createTempFile("no", ".jar");
    try {
      return install(folder, nothing);
    } finally {
      Files.delete(nothing);
    }
  }

  /** Makes a JAVA_HOME whose java prints its arguments, a line for each. */
  static Path talkingJava(Path home) throws IOException {
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    return home;
  }

  /** The flags that it gives the JVM for a command. */
  static List<String> flags(Path scratch, Map<String, String> environment, String command)
      throws Exception {
    Path java = talkingJava(scratch.resolve("talking java"));
    Path launcher = install(scratch.resolve("install"));
    RefreshdProcess.Result said =
        run(launcher, Map.of("JAVA_HOME", java.toString()), environment, command);
    List<String> arguments = said.out().lines().toList();
    return arguments.subList(0, arguments.indexOf("-jar"));
  }

  /** Runs it to its end, in an environment of its own. */
  static RefreshdProcess.Result run(
      Path launcher, Map<String, String> java, Map<String, String> more, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(SHELL.toString(), launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(java);
    builder.environment().putAll(more);
    Path err = Files.createTempFile("launcher", ".err");
    try {
      Process process = builder.redirectError(err.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new RefreshdProcess.Result(process.waitFor(), out, Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }
}
