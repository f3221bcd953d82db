package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Secret;
import io.refreshd.store.Cluster;
import io.refreshd.store.OpenStore;
import io.refreshd.store.PostgresLocation;
import io.refreshd.store.RunLock;
import io.refreshd.store.TokenStores;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command does on PostgreSQL what it does on SQLite. */
class PostgresCommandsTest {

  private static final String TENANTS =
      """
      tenants:
        - name: germany
          tenant-id: 11111111-2222-3333-4444-555555555555
          client-id: 66666666-7777-8888-9999-000000000000
          grants:
            - { name: live, scopes: [https://graph.microsoft.com/Mail.Read] }
            - { name: sandbox, scopes: [https://graph.microsoft.com/Mail.Read] }
      """;

  @TempDir Path folder;
  private String url;
  private Path sqlite;
  private Path postgres;

  @BeforeEach
  void twoConfigurations() throws IOException {
    url = PostgresServer.newSchema().replace("user=postgres&", "");
    String store =
        "store: {url: '%s', username: postgres, password: 'file:password'}\n".formatted(url);
    postgres = yaml("postgres", store);
    sqlite = yaml("sqlite", "store: {url: 'jdbc:sqlite:sqlite.db'}\n");
  }

  private Path yaml(String name, String store) throws IOException {
    Files.writeString(folder.resolve("password"), "hunter2\n");
    return Files.writeString(
        folder.resolve(name + ".yaml"), store + "log: {file: " + name + ".log}\n" + TENANTS);
  }

  private Terminal at(Path yaml) {
    return new Terminal(folder, new MutableClock()).with("REFRESHD_CONFIG", yaml.toString());
  }

  private static Terminal.Result ok(Terminal.Result result) {
    assertThat(result.exit()).as(result.err() + result.out()).isZero();
    assertThat(result.err()).doesNotContain("hunter2");
    return result;
  }

  private void bringIn(Terminal terminal) {
    for (String token : List.of("0.first", "0.second")) {
      ok(terminal.runWith(token, "import", "germany/live", "--no-redeem", "--new-user"));
    }
  }

  @Test
  void whatIsPrintedIsTheSame() {
    bringIn(at(sqlite));
    bringIn(at(postgres));

    for (List<String> command :
        List.of(
            List.of("status"),
            List.of("status", "--json"),
            List.of("log"),
            List.of("log", "--json"),
            List.of("log", "verify", "--json"),
            List.of("reveal", "germany/live", "--yes"),
            List.of("log", "--event", "revealed", "--json"))) {
      String[] words = command.toArray(String[]::new);
      assertThat(ok(at(postgres).run(words)).out())
          .as("%s", command)
          .isEqualTo(ok(at(sqlite).run(words)).out())
          .isNotEmpty();
    }
  }

  @Test
  void aNewKeyAndTheDoctorAndForgetting() throws IOException {
    bringIn(at(postgres));

    Terminal.Result rotated = ok(at(postgres).run("key", "rotate"));
    assertThat(rotated.out()).contains("new key, 2 tokens resealed");
    assertThat(rotated.err())
        .contains("hint: copy ", "to the other machines of this store")
        .contains("run `refreshd key rotate --drop-old` on each");
    assertThat(ok(at(postgres).run("key", "rotate", "--drop-old")).out())
        .endsWith("refreshd.key: no old key is in it any more\n");
    assertThat(at(postgres).run("doctor").out())
        .contains("store: jdbc:postgresql://localhost:", "can be written, and its key opens it")
        .doesNotContain("hunter2", "currentSchema");
    Files.writeString(postgres, Files.readString(postgres).replace("name: live", "name: other"));
    assertThat(ok(at(postgres).run("forget", "germany/live", "--yes")).out())
        .isEqualTo("germany/live: forgotten\n");
    assertThat(ok(at(postgres).run("log", "verify")).out()).startsWith("proven: ");
  }

  /**
   * A daemon of this machine with files in a folder of its own, as systemd starts it; and a shell
   * that does not know that folder.
   */
  @Test
  void anOldKeyThatTheDaemonsSpoolMayNeedIsNotDroppedFromAShellThatDoesNotSeeThatSpool()
      throws Exception {
    Path keys = folder.resolve("etc.key");
    yamlOfPostgres("key: 'file:etc.key'");
    bringIn(at(postgres));
    Path unit = Files.createDirectory(folder.resolve("unit"));
    try (RunLock lock = RunLock.acquire(daemonsFiles(unit));
        OpenStore daemon =
            TokenStores.openToWrite(daemonsFiles(unit), lock.owner(), 1, Clock.systemUTC())) {
      Cluster.Beat beat = daemon.cluster().orElseThrow().beat();
      ok(at(postgres).run("key", "rotate"));
      byte[] both = Files.readAllBytes(keys);

      Terminal.Result dropped = at(postgres).run("key", "rotate", "--drop-old");
      assertThat(dropped.exit()).as(dropped.out()).isEqualTo(Refreshd.FAILED);
      assertThat(dropped.err())
          .contains("etc.key: no old key was removed: the daemon " + beat.self().name())
          .contains("not with the files in " + folder + ":", "store.directory", "STATE_DIRECTORY");
      assertThat(keys).hasBinaryContent(both);
      for (List<String> command :
          List.of(List.of("status"), List.of("doctor"), List.of("log", "verify"))) {
        Terminal.Result told = at(postgres).run(command.toArray(String[]::new));
        assertThat(told.out() + told.err())
            .as("%s", command)
            .contains("the daemon " + beat.self().name() + " runs on this machine, but not with");
      }

      daemon.keepHead();
      yamlOfPostgres("key: 'file:etc.key', directory: unit");
      assertThat(ok(at(postgres).run("status")).err()).isEmpty();
      assertThat(ok(at(postgres).run("log", "verify")).err()).isEmpty();
      assertThat(ok(at(postgres).run("key", "rotate", "--drop-old")).out())
          .endsWith("etc.key: no old key is in it any more\n");
    }
  }

  @Test
  void aDaemonThatRunsWithTheFilesHereDropsItsOldKeyWhateverElseRunsOnTheMachine()
      throws Exception {
    bringIn(at(postgres));
    ok(at(postgres).run("key", "rotate"));
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.copy(folder.resolve("refreshd.key"), other.resolve("refreshd.key"));
    try (RunLock here = RunLock.acquire(daemonsFiles(folder));
        RunLock there = RunLock.acquire(daemonsFiles(other));
        OpenStore daemon =
            TokenStores.openToWrite(daemonsFiles(other), there.owner(), 1, Clock.systemUTC())) {
      daemon.cluster().orElseThrow().beat();

      assertThat(ok(at(postgres).run("key", "rotate", "--drop-old")).out())
          .endsWith("refreshd.key: no old key is in it any more\n");
    }
  }

  private void yamlOfPostgres(String more) throws IOException {
    postgres =
        yaml(
            "postgres",
            "store: {url: '%s', username: postgres, password: 'file:password', %s}\n"
                .formatted(url, more));
  }

  /** What a configuration without a key of its own comes to in the folder of a unit. */
  private PostgresLocation daemonsFiles(Path unit) throws IOException {
    Path key = folder.resolve("etc.key");
    String lock = nameOfLock();
    return new PostgresLocation(
        url,
        "postgres",
        Secret.of("hunter2"),
        unit.resolve(lock.substring(0, lock.length() - ".lock".length())),
        Files.exists(key) ? key : unit.resolve("refreshd.key"));
  }

  private String nameOfLock() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("postgresql-") && name.endsWith(".lock"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void aBackupIsTheDatabasesOwnBusiness() {
    bringIn(at(postgres));

    Terminal.Result result = at(postgres).run("backup", "b");

    assertThat(result.exit()).isEqualTo(Refreshd.FAILED);
    assertThat(result.err()).contains("is not a SQLite file", "its database's own tools");
  }

  @Test
  void aStoreMovesToPostgresqlAndBack() throws IOException {
    bringIn(at(sqlite));
    String before = ok(at(sqlite).run("status", "--json")).out();
    Terminal.Result there =
        ok(at(sqlite).run("migrate-store", sqlite.toString(), postgres.toString()));

    assertThat(there.out())
        .startsWith("jdbc:postgresql://localhost:")
        .contains("has 1 grant and 2 log entries from " + folder.resolve("sqlite.db"));
    assertThat(there.err()).contains("hint: go on with " + postgres, "never run a daemon on");
    assertThat(ok(at(postgres).run("status", "--json")).out()).isEqualTo(before);
    assertThat(ok(at(postgres).run("log", "verify")).out()).startsWith("proven: 2 entries");

    assertThat(ok(at(sqlite).run("migrate-store", sqlite.toString(), postgres.toString())).out())
        .endsWith("sqlite.db already, and nothing else; nothing was copied\n");

    Path back = yaml("back", "store: {url: 'jdbc:sqlite:back.db'}\n");
    ok(at(back).run("migrate-store", postgres.toString(), back.toString()));
    assertThat(ok(at(back).run("status", "--json")).out()).isEqualTo(before);
    assertThat(ok(at(back).run("reveal", "germany/live", "--yes")).out()).isEqualTo("0.second\n");
  }
}
