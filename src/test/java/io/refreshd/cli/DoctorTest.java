package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What the doctor says of a fleet that was well, until something befell it. */
class DoctorTest {

  @TempDir private Path folder;
  private RestoreWorld world;

  @BeforeEach
  void allIsWell() throws IOException {
    world = new RestoreWorld(folder);
    world.bringInAll();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private void change(String row) throws SQLException {
    Sql.execute(world.file("refreshd.db"), "UPDATE grants SET " + row);
  }

  private List<JsonNode> findings(String... selectors) {
    String[] all = new String[selectors.length + 2];
    all[0] = "doctor";
    all[1] = "--json";
    System.arraycopy(selectors, 0, all, 2, selectors.length);
    return new ObjectMapper()
        .readTree(world.fail(all).out())
        .get("findings")
        .valueStream()
        .toList();
  }

  private List<String> levels(String subject) {
    return findings().stream()
        .filter(finding -> finding.get("subject").asString().equals(subject))
        .map(finding -> finding.get("level").asString())
        .toList();
  }

  @Test
  void grantsThatCannotBeReadAreNotTakenForWell() throws SQLException {
    change("last_outcome = 'bogus' WHERE name = 'live'");

    assertThat(levels("store")).contains("critical");
    assertThat(world.fail("doctor").out())
        .contains("critical store: ", "forecast: none before the above is seen to")
        .doesNotContain("no grant dies");
  }
}
