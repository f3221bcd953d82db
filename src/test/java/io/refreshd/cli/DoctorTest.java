package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

  @Test
  void aDamagedTokenIsToldOfItsOwnGrantWhicheverThatIs() throws SQLException {
    for (String grant : RestoreWorld.GRANTS) {
      change("token = zeroblob(length(token)) WHERE tenant || '/' || name = '" + grant + "'");

      assertThat(levels(grant)).containsExactly("critical");
      assertThat(levels("store")).doesNotContain("critical");
      assertThat(world.fail("doctor", grant).out())
          .contains("critical " + grant + ": its token is damaged, no key opens it")
          .contains("next: enrol anew: refreshd import " + grant)
          .contains("forecast: none before the above is seen to");
      world.bringIn(grant);
    }
  }

  @Test
  void aDamagedTokenThatNoConfigurationNamesIsToForget() throws SQLException, IOException {
    world.configure("idp");
    change("token = x'00' WHERE name = 'live'");

    assertThat(world.fail("doctor").out())
        .contains("critical market/live: its token is damaged, no key opens it")
        .contains("next: refreshd forget market/live");
  }

  @Test
  void aWrongKeyIsOneFindingAndNotOneOfEachGrant() throws IOException {
    world.copy("refreshd.key", "right.key");
    Files.delete(world.file("refreshd.key"));
    world.copy("refreshd.db", "right.db");
    Files.delete(world.file("refreshd.db"));
    world.bringIn("market/live"); // makes a key of its own
    world.loseStore();
    world.copy("right.db", "refreshd.db");

    assertThat(findings())
        .filteredOn(finding -> finding.get("level").asString().equals("critical"))
        .singleElement()
        .matches(finding -> finding.get("subject").asString().equals("key"));
    for (String grant : RestoreWorld.GRANTS) {
      assertThat(levels(grant)).containsExactly("ok");
    }
  }

  private JsonNode rotationLog(String file) throws IOException {
    world.configure("market", "idp");
    Files.writeString(
        world.file("refreshd.yaml"), "log: { file: '" + file + "' }\n", StandardOpenOption.APPEND);
    return findings("idp/main").stream()
        .filter(finding -> finding.get("subject").asString().equals("rotation log"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsNoRotationLogIsNotCalledWritable() throws IOException {
    Files.writeString(world.file("other.txt"), "something else\n");
    Files.createDirectory(world.file("folder"));
    Files.createSymbolicLink(world.file("link"), world.file("folder"));

    for (String file : List.of("other.txt", "folder", "link", "/dev/full")) {
      JsonNode finding = rotationLog(file);
      assertThat(finding.get("level").asString()).as(file).isEqualTo("warning");
      assertThat(finding.get("what").asString()).contains(" is not a rotation log; move it away");
    }
    assertThat(world.file("other.txt")).hasContent("something else\n");
  }

  @Test
  void aRotationLogThatIsToBeMadeIsNotMadeByLooking() throws IOException {
    assertThat(rotationLog("new.log").get("level").asString()).isEqualTo("ok");
    assertThat(world.file("new.log")).doesNotExist();

    world.succeed("rotate", "idp/main");
    assertThat(rotationLog("new.log").get("level").asString()).isEqualTo("ok");
  }

  @Test
  void theMissingFolderOfARotationLogIsToldAsSuch() throws IOException {
    assertThat(rotationLog("missing/rotation.log").get("what").asString())
        .endsWith("missing/rotation.log cannot be written: there is no such folder");
  }
}
