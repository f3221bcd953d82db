package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.store.BulkLoad;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The commands that look at a fleet which is not read from the store in one go. */
class LargeFleetTest {

  /** More than are read at once, and than a statement takes. */
  private static final int ZETA = 2_300;

  /** Has a token, and no configuration names it. */
  private static final List<String> UNCONFIGURED = List.of("beta/left", "gamma/over");

  private static final String WITHOUT_TOKEN = "alpha/new";

  private final MutableClock clock = new MutableClock();

  @TempDir private Path folder;
  private Terminal terminal;

  @BeforeEach
  void fillTheStore() throws IOException {
    StringBuilder yaml =
        new StringBuilder(
            """
            store: { url: 'jdbc:sqlite:refreshd.db', key: 'file:refreshd.key' }
            log: { file: rotation.log }
            defaults: { authority: 'http://127.0.0.1:9', client-id: one, client-secret: 'env:SECRET' }
            tenants:
              - name: zeta
                tenant-id: zeta.example
                scopes: ['https://graph.microsoft.com/.default']
                grants:
            """);
    IntStream.range(0, ZETA).forEach(no -> yaml.append("      - name: user-" + no + "\n"));
    yaml.append(
        """
          - name: alpha
            tenant-id: alpha.example
            scopes: ['https://graph.microsoft.com/.default']
            grants: [{ name: new }]
        """);
    Files.writeString(folder.resolve("refreshd.yaml"), yaml);
    List<String> stored = Stream.concat(zeta(), UNCONFIGURED.stream()).toList();
    String url = "jdbc:sqlite:" + folder.resolve("refreshd.db");
    new BulkLoad(BulkLoad.location(url, folder), clock)
        .fill(stored.size(), no -> GrantName.parse(stored.get(no)));
    terminal = terminal(clock);
  }

  private static Stream<String> zeta() {
    return IntStream.range(0, ZETA).mapToObj(no -> "zeta/user-" + no);
  }

  private Terminal terminal(Clock time) {
    return new Terminal(folder, time)
        .with("REFRESHD_CONFIG", folder.resolve("refreshd.yaml").toString())
        .with("SECRET", "a-secret");
  }

  private static List<String> everybody() {
    return Stream.concat(Stream.concat(zeta(), Stream.of(WITHOUT_TOKEN)), UNCONFIGURED.stream())
        .toList();
  }

  @Test
  void statusShowsTheConfiguredGrantsInTheirOrderAndThenTheOthersByName() {
    Terminal.Result table = terminal.run("status");

    assertThat(table.exit()).as(table.err()).isZero();
    assertThat(table.lines().stream().skip(1).filter(line -> !line.startsWith(" ")))
        .extracting(line -> line.split(" ", 2)[0])
        .containsExactlyElementsOf(everybody());
    assertThat(table.lines())
        .filteredOn(line -> line.startsWith(WITHOUT_TOKEN + " "))
        .singleElement()
        .asString()
        .contains(" new ");
    assertThat(table.lines())
        .filteredOn(line -> line.startsWith("gamma/over "))
        .singleElement()
        .asString()
        .contains(" unconfigured ");
    JsonNode json = new ObjectMapper().readTree(terminal.run("status", "--json").out());
    assertThat(json.get("level").asString()).isEqualTo("warning");
    assertThat(json.get("grants").valueStream().map(one -> one.get("grant").asString()))
        .containsExactlyElementsOf(everybody());
    assertThat(terminal.run("status", "--check").exit()).as("a warning").isEqualTo(1);
  }

  @Test
  void aRestoreSaysOfEachGrantWhatItMeansByNameAndHowLongItStillHas() {
    assertThat(terminal.run("backup", "fleet.bak").exit()).isZero();

    Terminal.Result restore = terminal.run("restore", "--dry-run", "fleet.bak");

    assertThat(restore.exit()).as(restore.err()).isZero();
    assertThat(restore.lines())
        .filteredOn(line -> line.contains(": generation "))
        .extracting(line -> line.substring(0, line.indexOf(':')))
        .containsExactlyElementsOf(Stream.concat(UNCONFIGURED.stream(), zeta().sorted()).toList());
    assertThat(restore.lines())
        .filteredOn(line -> line.startsWith("zeta/"))
        .allMatch(line -> line.contains(" left; reusable, goes on"));
    assertThat(restore.err()).contains("2302 grants");
  }

  @Test
  void nothingMoreIsReadForSomebodyWhoHasSeenEnough() throws Exception {
    Sql.execute(
        folder.resolve("refreshd.db"),
        "INSERT INTO rotation_log (seq, at, event, hash) WITH RECURSIVE n (i) AS"
            + " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
            + " SELECT i, i, 'rotated', 'h' FROM n");
    for (List<String> command :
        List.of(
            List.of("log"),
            List.of("log", "--json"),
            List.of("log", "--limit", "4000"),
            List.of("log", "--follow"),
            List.of("status"))) {
      Terminal.Result head = terminal.runForAHead(command.toArray(String[]::new));

      assertThat(head.exit()).as("%s: %s", command, head.err()).isZero();
      assertThat(head.lines()).as("%s", command).hasSizeBetween(1_000, 1_003);
    }
    assertThat(terminal.runForAHead("status", "--check").exit()).as("a warning").isEqualTo(1);
  }

  @Test
  void statusOfSomeShowsThemAlone() {
    Terminal.Result some = terminal.run("status", "zeta/user-2299", "beta", "--check");

    assertThat(some.lines().stream().skip(1).filter(line -> !line.startsWith(" ")))
        .extracting(line -> line.split(" ", 2)[0])
        .containsExactly("zeta/user-2299", "beta/left");
    assertThat(some.exit()).as("nobody keeps beta/left alive").isEqualTo(1);
    assertThat(terminal.run("status", "zeta/user-2299", "--check").exit()).isZero();
    Terminal.Result none = terminal.run("status", "zeta/user-2300");
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.err()).contains("no configured grant matches \"zeta/user-2300\"");
  }

  @Test
  void theDoctorLooksAtAllOfThem() {
    JsonNode found = new ObjectMapper().readTree(terminal.run("doctor", "--json").out());

    List<String> subjects =
        found.get("findings").valueStream().map(one -> one.get("subject").asString()).toList();
    assertThat(subjects).containsSubsequence(everybody());
    assertThat(found.get("forecast").valueStream().map(one -> one.get("grant").asString()))
        .containsExactlyInAnyOrderElementsOf(UNCONFIGURED);
  }

  @Test
  void whatNeedsMoreMemoryThanThereIsSaysSoInsteadOfAStackTrace() {
    InstantSource needsMore =
        () -> {
          throw new OutOfMemoryError("Java heap space");
        };
    Terminal small = terminal(needsMore.withZone(ZoneOffset.UTC));

    Terminal.Result plain = small.run("status");
    assertThat(plain.exit()).isEqualTo(1);
    assertThat(plain.err())
        .startsWith("refreshd: this needs more memory than the ")
        .contains("hint: let it take more: REFRESHD_JAVA_OPTS=-Xmx2g")
        .doesNotContain("\tat ");
    assertThat(small.run("status", "--check").exit()).as("unknown").isEqualTo(3);
  }
}
