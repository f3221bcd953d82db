package io.refreshd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher and the packaged jar, with the archive of classes and without. */
@Timeout(240)
class LauncherIT {

  private static final Path JAR =
      Path.of(System.getProperty("refreshd.jar", "target/refreshd.jar"));

  private static final Map<String, String> JAVA =
      Map.of("PATH", System.getenv("PATH"), "JAVA_HOME", System.getProperty("java.home"));

  @TempDir private Path folder;

  @Test
  void makesAnArchiveOfClassesAndWorksWithItWithoutItAndBesideAnotherJar() throws Exception {
    Launcher.assumeShell();
    Path launcher = Launcher.install(folder.resolve("lib"), JAR);
    Path archive = launcher.resolveSibling("refreshd.jsa");
    RefreshdProcess.Result without = run(launcher, "--version");
    assertThat(without.out()).startsWith("refreshd ");
    assertThat(without.err()).isEmpty();

    RefreshdProcess.Result made = run(launcher, "--make-archive");
    assertThat(made.err()).isEmpty();
    assertThat(made.out().strip()).isEqualTo(archive.toRealPath().toString());
    assertThat(made.exit()).isZero();
    assertThat(folder.resolve("lib").toFile().list())
        .containsExactlyInAnyOrder("refreshd", "refreshd.jar", "refreshd.jsa");

    // the JVM itself says whether it is used
    RefreshdProcess.Result mapped =
        run(launcher, Map.of("REFRESHD_JAVA_OPTS", "-Xlog:class+load:stderr"), "--version");
    assertThat(mapped.err()).contains("io.refreshd.cli.Refreshd source: shared objects file");
    assertThat(run(launcher, "--version")).isEqualTo(without);

    Path jar = launcher.resolveSibling("refreshd.jar");
    Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
    assertThat(run(launcher, "--version")).as("an archive of another jar").isEqualTo(without);
    Files.writeString(archive, "no archive at all");
    assertThat(run(launcher, "--version")).as("a broken archive").isEqualTo(without);
  }

  private static RefreshdProcess.Result run(Path launcher, String... arguments) throws Exception {
    return run(launcher, Map.of(), arguments);
  }

  private static RefreshdProcess.Result run(
      Path launcher, Map<String, String> more, String... arguments) throws Exception {
    return Launcher.run(launcher, JAVA, more, arguments);
  }
}
