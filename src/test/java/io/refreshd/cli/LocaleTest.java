package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names beyond ASCII in a process of the POSIX locale, as cron and containers start them. */
@Timeout(120)
class LocaleTest {

  private static final String GRANTS =
      """
      tenants:
        - name: t
          tenant-id: 11111111-2222-3333-4444-555555555555
          client-id: c
          grants: [{name: g, scopes: [s]}]
      """;

  private static final String CANNOT = "cannot be written in this locale (";
  private static final String HINT = "would be a UTF-8 locale, as LC_ALL=C.UTF-8";

  @TempDir private Path folder;

  @BeforeEach
  void needsNamesBeyondAscii() {
    assumeTrue(
        "UTF-8".equals(System.getProperty("sun.jnu.encoding")),
        "this JVM's locale is not UTF-8: it cannot ask for such names");
  }

  @Test
  void theFilesOfAFolderAreReadWhateverTheirNames() throws Exception {
    Path included = Files.createDirectory(folder.resolve("t.d")).resolve("münchen.yaml");
    Files.writeString(folder.resolve("refreshd.yaml"), "include: ['t.d/*.yaml']\n");
    Files.writeString(included, GRANTS + "    token-lifetime-policy: p.json\n");

    String said = refreshd(Map.of(), "check", "--config", "refreshd.yaml");

    assertThat(said).contains("t.d/m").contains("does not exist");
    assertThat(said).doesNotContain("\tat ");
  }

  @Test
  void aNameInTheConfigurationIsAProblemAtItsPlace() throws Exception {
    Files.writeString(
        folder.resolve("refreshd.yaml"), "include: [münchen.yaml]\nlog: {file: köln.log}\n");

    assertThat(refreshd(Map.of(), "check", "--config", "refreshd.yaml"))
        .contains("refreshd.yaml:1:11: include: " + CANNOT)
        .contains("refreshd.yaml:2:13: log.file: " + CANNOT)
        .contains("; " + HINT)
        .doesNotContain("NUL")
        .doesNotContain("\tat ");
  }

  @Test
  void aConfigurationOfSuchANameIsToldInWords() throws Exception {
    assertThat(refreshd(Map.of("REFRESHD_CONFIG", "münchen.yaml"), "check"))
        .contains("refreshd: $REFRESHD_CONFIG: " + CANNOT)
        .contains("hint: " + HINT)
        .doesNotContain("\tat ");
  }

  @Test
  void aPolicyOfSuchANameIsToldInWords() throws Exception {
    assertThat(refreshd(Map.of(), "policy", "münchen.json"))
        .contains("refreshd: FILE: " + CANNOT)
        .contains("hint: " + HINT)
        .doesNotContain("\tat ");
  }

  /** What it says, which is never a success here. */
  private String refreshd(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Refreshd.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(2);
    return said;
  }
}
