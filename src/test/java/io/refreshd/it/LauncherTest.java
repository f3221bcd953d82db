package io.refreshd.it;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher asks of which Java. */
class LauncherTest {

  private static final String PATH = System.getenv("PATH");

  @TempDir private Path folder;

  @BeforeEach
  void needsAShell() {
    Launcher.assumeShell();
  }

  @Test
  void shellsReadIt() throws Exception {
    for (String shell : List.of("sh", "dash", "bash", "busybox")) {
      Path program = Path.of("/bin", shell);
      if (Files.isExecutable(program)) {
        String[] command =
            shell.equals("busybox")
                ? new String[] {program.toString(), "sh", "-n", Launcher.PATH.toString()}
                : new String[] {program.toString(), "-n", Launcher.PATH.toString()};
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        assertThat(process.waitFor()).as(shell).isZero();
      }
    }
    assertThat(Files.isExecutable(Launcher.PATH)).as("may be run as it is").isTrue();
  }

  @Test
  void runsTheJarBesideItThroughLinksAndBlanks() throws Exception {
    Path launcher = Launcher.install(folder.resolve("a folder with blanks"));
    Path bin = Files.createDirectories(folder.resolve("usr local bin"));
    Path relative = Path.of("..").resolve(folder.relativize(launcher));
    Path first = Files.createSymbolicLink(bin.resolve("one"), relative);
    Path second = Files.createSymbolicLink(bin.resolve("refreshd"), first.toAbsolutePath());

    List<String> asked = asked(second, Map.of(), "status", "*/sand box", "$HOME", "");

    String jar = launcher.resolveSibling("refreshd.jar").toRealPath().toString();
    assertThat(asked).endsWith("-jar", jar, "status", "*/sand box", "$HOME", "");
  }

  @Test
  void runsTheJarThatMavenMadeWhereItLiesInTheSourceTree() throws Exception {
    Path config = Files.createDirectory(folder.resolve("config"));
    Path launcher = Files.copy(Launcher.PATH, config.resolve("refreshd"));
    Path jar = Files.createDirectory(folder.resolve("target")).resolve("refreshd.jar");
    Files.createFile(jar);

    assertThat(asked(launcher, Map.of(), "check"))
        .endsWith("-jar", jar.toRealPath().toString(), "check");
  }

  @Test
  void runsTheJarBesideItWhateverCdpathSays() throws Exception {
    Path launcher = Launcher.install(folder.resolve("lib"));
    Path relative = folder.relativize(launcher);

    RefreshdProcess.Result said =
        inShell(
            "cd '" + folder + "' && CDPATH=.:/ && export CDPATH && exec sh " + relative + " check",
            "sh");

    assertThat(said.err()).isEmpty();
    String jar = launcher.resolveSibling("refreshd.jar").toRealPath().toString();
    assertThat(said.out().lines()).endsWith("-jar", jar, "check");
  }

  @Test
  void runsTheJarThatALinkInTheWorkingDirectoryLeadsTo() throws Exception {
    Path launcher = Launcher.install(folder.resolve("lib"));
    Files.createSymbolicLink(folder.resolve("refreshd"), folder.relativize(launcher));

    RefreshdProcess.Result said = inShell("cd '" + folder + "' && exec sh refreshd check", "sh");

    assertThat(said.err()).isEmpty();
    String jar = launcher.resolveSibling("refreshd.jar").toRealPath().toString();
    assertThat(said.out().lines()).endsWith("-jar", jar, "check");
  }

  @Test
  void aLauncherInTheRootLeavesTheJarOfTheWorkingDirectoryAlone() throws Exception {
    Launcher.install(folder.resolve("lib"));
    String inTheRoot = Files.readString(Launcher.PATH);

    RefreshdProcess.Result said =
        inShell("cd '" + folder.resolve("lib") + "'\n" + inTheRoot, "/refreshd", "check");

    assertThat(said.out()).isEmpty();
    assertThat(said.exit()).isEqualTo(127);
    assertThat(said.err()).contains("refreshd.jar to run; put it there");
  }

  @Test
  void givesJavaMoreThanAsciiWhereTheLocaleHasNoMore() throws Exception {
    assertThat(localeOfJava("UTF-8", Map.of())).isEqualTo("C.UTF-8");
    assertThat(localeOfJava("UTF-8", Map.of("LC_ALL", "POSIX"))).isEqualTo("C.UTF-8");
    assertThat(localeOfJava("UTF-8", Map.of("LC_ALL", "", "LANG", "C"))).isEqualTo("C.UTF-8");
    assertThat(UnitFile.lines()).contains("Environment=LC_ALL=C.UTF-8");
  }

  @Test
  void leavesALocaleOfMoreThanAsciiAsItIs() throws Exception {
    assertThat(localeOfJava("UTF-8", Map.of("LANG", "de_DE.utf8"))).isEqualTo("unset");
    assertThat(localeOfJava("UTF-8", Map.of("LANG", "C", "LC_CTYPE", "en_US.UTF-8")))
        .isEqualTo("unset");
    assertThat(localeOfJava("UTF-8", Map.of("LC_ALL", "de_DE@euro"))).isEqualTo("de_DE@euro");
  }

  @Test
  void namesNoLocaleThatTheMachineLacks() throws Exception {
    assertThat(localeOfJava("ANSI_X3.4-1968", Map.of("LC_ALL", "C"))).isEqualTo("C");
  }

  /**
   * The LC_ALL that the launcher leaves to Java.
   *
   * @param charmap what C.UTF-8 comes to on this machine
   */
  private String localeOfJava(String charmap, Map<String, String> environment) throws Exception {
    Path scratch = Files.createTempDirectory(folder, "locale");
    Path launcher = Launcher.install(scratch.resolve("lib"));
    Path java = Launcher.talkingJava(scratch);
    Files.writeString(java.resolve("bin/java"), "#!/bin/sh\nprintf %s \"${LC_ALL-unset}\"\n");
    Path locale = Files.copy(java.resolve("bin/java"), java.resolve("bin/locale"), COPY_ATTRIBUTES);
    Files.writeString(locale, "#!/bin/sh\necho " + charmap + "\n");
    Map<String, String> world =
        Map.of("PATH", java.resolve("bin") + ":" + PATH, "JAVA_HOME", java.toString());
    return Launcher.run(launcher, world, environment, "check").out();
  }

  @Test
  void anArchiveThatCannotBeWrittenIsNoSuccess() throws Exception {
    Path launcher = Launcher.install(folder.resolve("lib"));
    Path unfinished = launcher.resolveSibling("refreshd.jsa.new");
    Files.createSymbolicLink(unfinished, folder.resolve("not mounted/archive"));
    // a JVM that says nothing dumps nothing either: what there is to copy is made here
    Path java = Launcher.talkingJava(folder.resolve("java home"));
    Files.writeString(
        java.resolve("bin/java"),
        "#!/bin/sh\nfor a in \"$@\"; do case $a in -XX:SharedArchiveFile=*) : >\"${a#*=}\" ;; esac;"
            + " done\n");

    RefreshdProcess.Result said =
        Launcher.run(
            launcher,
            Map.of("PATH", PATH, "JAVA_HOME", java.toString()),
            Map.of(),
            "--make-archive");

    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).contains("refreshd.jsa cannot be written; all works without it");
    assertThat(Files.isSymbolicLink(unfinished)).isFalse();
  }

  @Test
  void takesTheArchiveThatIsThere() throws Exception {
    Path launcher = Launcher.install(folder.resolve("lib"));
    assertThat(asked(launcher, Map.of(), "status"))
        .noneMatch(flag -> flag.contains("SharedArchive"));

    Path archive = Files.createFile(launcher.resolveSibling("refreshd.jsa")).toRealPath();
    assertThat(asked(launcher, Map.of(), "status")).contains("-XX:SharedArchiveFile=" + archive);
  }

  @Test
  void theFlagsOfPeopleComeLastAndAreWordsOnly() throws Exception {
    Path launcher = Launcher.install(folder.resolve("lib"));

    List<String> asked =
        asked(launcher, Map.of("REFRESHD_JAVA_OPTS", "-Xmx1g  -Dx=/*"), "--config", "f", "run");

    assertThat(asked).containsSubsequence("-Xms8m", "-Xmx1g", "-Dx=/*", "-jar", "--config", "run");
  }

  @Test
  void aServicesCrashReportGoesToWhereTheKeyIs() throws Exception {
    Path launcher = Launcher.install(folder.resolve("lib"));

    assertThat(asked(launcher, Map.of("STATE_DIRECTORY", "/var/lib/refreshd"), "run"))
        .contains("-XX:ErrorFile=/var/lib/refreshd/hs_err_%p.log", "-XX:-CreateCoredumpOnCrash");
  }

  @Test
  void saysWhatToDoWhereThereIsNoJavaOrNoJar() throws Exception {
    Path launcher = Launcher.install(folder.resolve("lib"));
    String nowhere = folder.resolve("nowhere").toString();

    assertFailure(
        launcher, Map.of("PATH", nowhere), "there is no java on the PATH; install a Java");
    assertFailure(
        launcher,
        Map.of("PATH", PATH, "JAVA_HOME", nowhere),
        "JAVA_HOME is " + nowhere + ", but there is no " + nowhere + "/bin/java; set it to");

    Files.delete(launcher.resolveSibling("refreshd.jar"));
    assertFailure(launcher, Map.of("PATH", PATH), "refreshd.jar to run; put it there, or build it");
  }

  /** Runs a script, as what is called like this. */
  private RefreshdProcess.Result inShell(String script, String called, String... arguments)
      throws Exception {
    Path java = Launcher.talkingJava(folder.resolve("java home"));
    Path caller = Files.writeString(folder.resolve("caller"), "exec sh -c \"$SCRIPT\" \"$@\"\n");
    List<String> words = Stream.concat(Stream.of(called), Stream.of(arguments)).toList();
    return Launcher.run(
        caller,
        Map.of("PATH", PATH, "JAVA_HOME", java.toString()),
        Map.of("SCRIPT", script),
        words.toArray(String[]::new));
  }

  private static void assertFailure(Path launcher, Map<String, String> java, String says)
      throws Exception {
    RefreshdProcess.Result result = Launcher.run(launcher, java, Map.of(), "status", "--check");
    assertThat(result.exit()).isEqualTo(127);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("refreshd: ").contains(says);
  }

  /** What a Java is asked for. */
  private List<String> asked(Path launcher, Map<String, String> more, String... arguments)
      throws Exception {
    Path java = Launcher.talkingJava(folder.resolve("java home"));
    RefreshdProcess.Result result =
        Launcher.run(launcher, Map.of("PATH", PATH, "JAVA_HOME", java.toString()), more, arguments);
    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
    // split, not lines(): an empty argument at the end is one too
    String out = result.out();
    return List.of(out.substring(0, out.length() - 1).split("\n", -1));
  }
}
