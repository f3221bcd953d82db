package io.refreshd.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fuzzes for real, each target in a process of its own: {@code mvn test -Dtest=FuzzingTest
 * -Drefreshd.fuzz.seconds=60}, and {@code -Drefreshd.fuzz.target=answer} for one of them. What it
 * comes to is appended to {@code target/fuzz/results.md}; an input that does harm stays beside it.
 */
@EnabledIfSystemProperty(
    named = FuzzingTest.SECONDS,
    matches = "[0-9]+",
    disabledReason = "fuzzing is asked for by -D" + FuzzingTest.SECONDS)
class FuzzingTest {

  static final String SECONDS = "refreshd.fuzz.seconds";

  private static final Path OUT = Path.of("target", "fuzz");
  private static final String INSTRUMENTED =
      String.join(
          ":",
          "io.refreshd.**",
          "tools.jackson.core.**",
          "tools.jackson.dataformat.**",
          "org.snakeyaml.**",
          "org.apache.hc.**",
          "com.google.crypto.tink.**");

  /**
   * Files are read where the configuration says, and the wire goes where it is sent: on purpose.
   */
  private static final String NOT_MEANT =
      "com.code_intelligence.jazzer.sanitizers.FilePathTraversal"
          + ":com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery";

  private static final Pattern COVERAGE =
      Pattern.compile("#[0-9]+\\s+DONE\\s+cov: ([0-9]+) ft: [0-9]+ corp: ([0-9]+)");
  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units: ([0-9]+)");

  @ParameterizedTest
  @EnumSource
  void nothingThatTheFuzzerFindsDoesHarm(Target target) throws Exception {
    String only = System.getProperty("refreshd.fuzz.target", target.word());
    assumeTrue(only.equals(target.word()), "not asked for");
    Path log = OUT.resolve(target.word() + ".log");
    Files.createDirectories(OUT.resolve(target.word()));

    Process jazzer =
        new ProcessBuilder(command(target))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();

    assertThat(jazzer.waitFor()).as("its exit code; see " + log).isZero();
    record(target, Files.readString(log));
  }

  private static List<String> command(Target target) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=" + target.className());
    command.add("--instrumentation_includes=" + INSTRUMENTED);
    command.add("--disabled_hooks=" + NOT_MEANT);
    command.add("--reproducer_path=" + OUT);
    command.add("-max_total_time=" + System.getProperty(SECONDS));
    command.add("-timeout=120");
    command.add("-rss_limit_mb=2048");
    command.add("-max_len=8192");
    command.add("-print_final_stats=1");
    command.add("-artifact_prefix=" + OUT.resolve(target.word()) + "-");
    command.add(OUT.resolve(target.word()).toString());
    command.add(Corpus.folder(target).toString());
    return command;
  }

  private static void record(Target target, String log) throws IOException {
    String line =
        String.format(
            "| %s | %s | %s | %s | %s |%n",
            target.word(),
            System.getProperty(SECONDS),
            found(EXECUTIONS, log, 1),
            found(COVERAGE, log, 1),
            found(COVERAGE, log, 2));
    Files.writeString(
        OUT.resolve("results.md"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String found(Pattern pattern, String log, int group) {
    Matcher matcher = pattern.matcher(log);
    return matcher.find() ? matcher.group(group) : "?";
  }
}
