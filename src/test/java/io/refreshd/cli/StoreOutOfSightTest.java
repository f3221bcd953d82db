package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store whose folder cannot be looked into: whoever asks does not know whether there is one. Root
 * may look into every folder, so here it is a file.
 */
class StoreOutOfSightTest {

  private static final String YAML =
      """
      store: { url: "jdbc:sqlite:closed/refreshd.db", key: "file:refreshd.key" }
      log: { file: rotation.log }
      defaults: { authority: "http://127.0.0.1:1" }
      tenants:
        - name: germany
          tenant-id: 11111111-2222-3333-4444-555555555555
          client-id: 66666666-7777-8888-9999-000000000000
          grants: [{ name: live, scopes: [https://graph.microsoft.com/Mail.Read] }]
      """;

  @TempDir private Path folder;
  private Terminal terminal;

  @BeforeEach
  void hideTheStore() throws IOException {
    Path yaml = Files.writeString(folder.resolve("refreshd.yaml"), YAML);
    Files.createFile(folder.resolve("closed"));
    terminal = new Terminal(folder, new MutableClock()).with("REFRESHD_CONFIG", yaml.toString());
  }

  private String unseen() {
    return "the store " + folder.resolve("closed/refreshd.db") + " cannot be looked at (";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"status", "status --json", "log", "log verify", "backup copy", "simulate"})
  void nobodyIsToldThatThereIsNoStore(String command) {
    Terminal.Result result = terminal.run(command.split(" "));

    assertThat(result.exit()).isEqualTo(Refreshd.FAILED);
    assertThat(result.err()).contains(unseen());
    assertThat(result.out()).isEmpty();
  }

  @Test
  void monitoringIsToldThatNothingIsKnown() {
    Terminal.Result result = terminal.run("status", "--check");

    assertThat(result.exit()).as("unknown").isEqualTo(3);
    assertThat(result.err()).contains(unseen());
  }

  @Test
  void theDoctorDoesNotSayThatTheStoreIsStillToBeMade() {
    Terminal.Result result = terminal.run("doctor");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("critical store: " + unseen(), "forecast: none before the above is seen to")
        .doesNotContain("does not exist yet");
  }
}
