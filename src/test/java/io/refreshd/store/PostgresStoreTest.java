package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.GrantName;
import io.refreshd.grant.Secret;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LogFault;
import io.refreshd.rotation.StaleGenerationException;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoreException.Unavailable;
import io.refreshd.rotation.TokenStore.Kept;
import io.refreshd.testing.PostgresServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is PostgreSQL's own: roles, settings, connections, many daemons at once. */
class PostgresStoreTest {

  @TempDir Path folder;
  private PostgresFixture fixture;
  private Samples samples;

  @BeforeEach
  void anEmptyStore() {
    fixture = new PostgresFixture(folder);
    samples = fixture.samples;
  }

  private PostgresLocation location() {
    return (PostgresLocation) fixture.location;
  }

  private PostgresLocation as(String role, String password) {
    return new PostgresLocation(
        location().url().replaceAll("user=[a-z]+&?", ""),
        role,
        Secret.of(password),
        location().base(),
        location().keyFile());
  }

  /** Whose connections begin with settings of their own, as a database may give them to all. */
  private PostgresLocation asOneWith(String role, String... settings) throws SQLException {
    fixture.execute(
        "DROP ROLE IF EXISTS " + role, "CREATE ROLE " + role + " LOGIN SUPERUSER PASSWORD 'x'");
    for (String setting : settings) {
      fixture.execute("ALTER ROLE " + role + " SET " + setting);
    }
    return as(role, "x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"repeatable read", "serializable"})
  void aServerWithAnotherIsolationByDefaultTakesEveryTokenOfDaemonsThatWriteAtOnce(String isolation)
      throws Exception {
    String role = "isolated_" + ProcessHandle.current().pid();
    PostgresLocation location =
        asOneWith(role, "default_transaction_isolation = '" + isolation + "'");
    PostgresLocation elsewhere =
        new PostgresLocation(
            location.url(),
            role,
            location.password(),
            folder.resolve("b/refreshd"),
            location.keyFile());
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (OpenStore one = open(location);
        OpenStore other = TokenStores.openToWrite(elsewhere, "run@b/1", 3, fixture.clock)) {
      List<Future<?>> all = new ArrayList<>();
      for (OpenStore store : List.of(one, other)) {
        GrantName grant = new GrantName("germany", "g" + all.size());
        all.add(threads.submit(() -> rotateOften(store, grant)));
      }
      for (Future<?> future : all) {
        future.get(1, TimeUnit.MINUTES);
      }
      assertThat(one.verifyLog().faults()).isEmpty();
    } finally {
      threads.shutdownNow();
      fixture.execute("DROP ROLE " + role);
    }
  }

  private void rotateOften(OpenStore store, GrantName grant) {
    samples.bringIn(store, grant);
    for (int number = 1; number < 50; number++) {
      assertThat(store.commit(samples.lease(store, grant), samples.next(grant, number)))
          .isEqualTo(Kept.STORED);
    }
  }

  @Test
  void aDatabaseThatIsReadOnlyByDefaultIsNotWrittenOnAndNotOnlyTakenForAStandby() throws Exception {
    String role = "careful_" + ProcessHandle.current().pid();
    fixture.open("run").close();
    PostgresLocation location = asOneWith(role, "default_transaction_read_only = on");
    try (OpenStore store = open(location)) {
      assertThatThrownBy(() -> samples.bringIn(store, LIVE))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("is read-only (")
          .hasMessageContaining("default_transaction_read_only");
    } finally {
      fixture.execute("DROP ROLE " + role);
    }
  }

  private static String setting(JdbcTokenStore store, boolean durable, String name) {
    return store
        .writer()
        .write(durable, on -> on.first("SHOW " + name, Columns::text).orElseThrow());
  }

  @Test
  void commitsAreDurableAndNothingWaitsForEver() {
    JdbcTokenStore store = TokenStores.connect(fixture.location, "run", fixture.clock, Disk.REAL);
    try {
      assertThat(setting(store, true, "fsync")).isEqualTo("on");
      assertThat(setting(store, true, "synchronous_commit")).isEqualTo("on");
      assertThat(setting(store, true, "lock_timeout")).isEqualTo("7s");
      assertThat(setting(store, true, "statement_timeout")).isEqualTo("9s");
      assertThat(setting(store, true, "idle_in_transaction_session_timeout")).isEqualTo("5s");
    } finally {
      store.close();
    }
  }

  @Test
  void aLeaseNeedNotBeDurableAndALeaseWithAMarkAndACommitAre() throws Exception {
    fixture.execute(
        "CREATE TABLE at_commit (setting TEXT)",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO at_commit"
            + " VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER noted AFTER INSERT OR DELETE ON leases"
            + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note()");
    try (OpenStore store = fixture.open("run")) {
      samples.bringIn(store, LIVE);
      samples.rotate(store, LIVE, 1);
      samples.markingLease(store, LIVE);

      assertThat(settingsAtCommit()).containsExactly("off", "on", "off", "on", "on");
    } finally {
      fixture.execute("DROP FUNCTION note() CASCADE", "DROP TABLE at_commit");
    }
  }

  private List<String> settingsAtCommit() throws SQLException {
    List<String> settings = new ArrayList<>();
    try (Connection connection = fixture.connection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT setting FROM at_commit")) {
      while (rows.next()) {
        settings.add(rows.getString(1));
      }
    }
    return settings;
  }

  @Test
  void aPausedNodeThatComesBackCannotOverwrite() throws Exception {
    try (OpenStore paused = fixture.open("run@a/1");
        OpenStore other = fixture.open("run@b/1")) {
      samples.bringIn(paused, LIVE);
      Lease lease = samples.lease(paused, LIVE);
      fixture.age(Duration.ofMinutes(2));
      samples.rotate(other, LIVE, 1);
      samples.rotate(other, LIVE, 2);
      samples.rotate(other, LIVE, 3);

      assertThatThrownBy(() -> paused.commit(lease, samples.next(LIVE, 1)))
          .isInstanceOf(StaleGenerationException.class);

      assertThat(other.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 4));
      assertThat(other.verifyLog().faults()).isEmpty();
    }
  }

  @Test
  void aStoreWithoutASchemaIsAnEmptyOneToWhoeverReads() throws Exception {
    String fresh = PostgresServer.newSchema();
    PostgresFixture nothing = new PostgresFixture(fresh, folder.resolve("none"));

    try (OpenStore store = nothing.openToRead()) {
      assertThat(store.records(null, 100)).isEmpty();
      nothing.open("run").close();
      assertThat(store.records(null, 100)).isEmpty();
    }
    assertThat(Files.exists(folder.resolve("none/refreshd.key"))).isTrue();
  }

  @Test
  void aSchemaThatIsMisspeltOrMayNotBeUsedIsNoEmptyStore() throws Exception {
    String role = "stranger_" + ProcessHandle.current().pid();
    try (OpenStore store = fixture.open("run")) {
      samples.bringIn(store, LIVE);
    }
    fixture.execute("DROP ROLE IF EXISTS " + role, "CREATE ROLE " + role + " LOGIN PASSWORD 'x'");
    PostgresLocation misspelt = PostgresFixture.at(location().url() + "d", folder);
    try {
      for (PostgresLocation wrong : List.of(as(role, "x"), misspelt)) {
        assertThatThrownBy(() -> TokenStores.openToRead(wrong, fixture.clock))
            .isInstanceOf(Unavailable.class)
            .hasMessageContaining("check currentSchema, and that the role may use that schema");
      }
    } finally {
      fixture.execute("DROP ROLE " + role);
    }
  }

  @Test
  void theOwnerMakesTheTablesAndARoleThatMayOnlyWriteRowsWorksOnThem() throws Exception {
    String schema = location().url().replaceAll(".*currentSchema=", "");
    String role = "keeper_" + ProcessHandle.current().pid();
    PostgresLocation limited = as(role, "hunter2");
    fixture.execute(
        "DROP ROLE IF EXISTS " + role,
        "CREATE ROLE " + role + " LOGIN PASSWORD 'hunter2'",
        "GRANT USAGE ON SCHEMA " + schema + " TO " + role);
    try {
      fixture.open("run").close();
      assertThatThrownBy(() -> open(limited))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("refuses the role (ERROR: permission denied for table")
          .hasMessageContaining("docs/operations.md")
          .hasMessageNotContainingAny("hunter2", role + "@");
      fixture.execute(
          "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + role);

      try (OpenStore store = open(limited)) {
        samples.bringIn(store, LIVE);
        samples.rotate(store, LIVE, 1);
        assertThat(store.endLeasesOf("nobody")).isZero();
        assertThat(store.sealingKeyRotation().run((step, resealed) -> {}).resealed()).isEqualTo(2);
        assertThat(store.verifyLog().faults()).isEmpty();
        assertThat(store.alerts().open()).isEmpty();
      }
    } finally {
      fixture.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  @Test
  void aRoleThatMayOnlyReadCanLook() throws Exception {
    String schema = location().url().replaceAll(".*currentSchema=", "");
    String role = "reader_" + ProcessHandle.current().pid();
    try (OpenStore store = fixture.open("run")) {
      samples.bringIn(store, LIVE);
    }
    fixture.execute(
        "DROP ROLE IF EXISTS " + role,
        "CREATE ROLE " + role + " LOGIN PASSWORD 'x'",
        "GRANT USAGE ON SCHEMA " + schema + " TO " + role,
        "GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
    try (OpenStore store = TokenStores.openToRead(as(role, "x"), fixture.clock)) {
      assertThat(store.records(null, 100)).hasSize(1);
      assertThat(store.find(LIVE)).isPresent();
      assertThat(Samples.log(store)).isNotEmpty();
    } finally {
      fixture.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  private OpenStore open(StoreLocation location) {
    return TokenStores.openToWrite(location, "run", 3, fixture.clock);
  }

  @Test
  void aServerThatIsNotThereIsUnavailable() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    PostgresLocation away =
        new PostgresLocation(
            "jdbc:postgresql://127.0.0.1:" + port + "/refreshd?ApplicationName=x",
            "refreshd",
            Secret.of("hunter2"),
            folder.resolve("r"),
            folder.resolve("k"));

    assertThatThrownBy(() -> open(away))
        .isInstanceOf(Unavailable.class)
        .hasMessageStartingWith(
            "the store jdbc:postgresql://127.0.0.1:" + port + "/refreshd cannot be reached (")
        .hasMessageContaining("check that its server runs")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() {
    PostgresLocation missing =
        PostgresFixture.at(location().url().replaceAll("(//[^/]+/)[^?]+", "$1nowhere"), folder);

    assertThatThrownBy(() -> open(missing))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("/nowhere does not exist on its server");
  }

  @Test
  void aSchemaThatHoldsOtherTablesIsLeftAlone() {
    String schema = PostgresServer.newSchema();
    PostgresServer.execute(schema, "CREATE TABLE somebody_elses (id INT)");

    assertThatThrownBy(() -> open(PostgresFixture.at(schema, folder.resolve("other"))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("holds tables of somebody else")
        .hasMessageContaining("currentSchema");
  }

  @Test
  void aDaemonEndsTheLeasesOfItsOwnPredecessorAndOfNoOtherNode() {
    StoreLocation elsewhere =
        new PostgresLocation(
            location().url(), null, null, folder.resolve("b/refreshd"), location().keyFile());
    String first;
    try (RunLock lock = RunLock.acquire(fixture.location)) {
      first = lock.owner();
      assertThat(lock.predecessor()).isEmpty();
      assertThatThrownBy(() -> RunLock.acquire(fixture.location))
          .hasMessageContaining("another `refreshd run` is at work on the store " + location())
          .hasMessageContaining("another folder (store.directory)");
      try (RunLock other = RunLock.acquire(elsewhere)) {
        assertThat(other.owner()).isNotEqualTo(first);
        assertThat(other.predecessor()).isEmpty();
      }
    }
    try (RunLock lock = RunLock.acquire(fixture.location)) {
      assertThat(lock.predecessor()).contains(first);
      assertThat(lock.owner()).startsWith("run@").isNotEqualTo(first);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE rotation_log SET message = 'forged' WHERE seq = 2 | CHANGED | 2",
        "UPDATE rotation_log SET trigger = NULL WHERE seq = 3 | CHANGED | 3",
        "DELETE FROM rotation_log WHERE seq = 3 | REMOVED | 3",
        "DELETE FROM rotation_log WHERE seq > 4 | CUT | 5"
      })
  void aTamperedLogIsFoundOut(String sql, LogFault.Kind kind, long seq) throws Exception {
    try (OpenStore store = fixture.open("run")) {
      samples.bringIn(store, LIVE);
      for (int number = 1; number < 5; number++) {
        samples.rotate(store, LIVE, number);
      }
    }
    fixture.execute(sql);
    try (OpenStore store = fixture.openToRead()) {
      assertThat(store.verifyLog().faults())
          .singleElement()
          .satisfies(
              fault -> {
                assertThat(fault.kind()).isEqualTo(kind);
                assertThat(fault.seq()).isEqualTo(seq);
              });
    }
  }

  @Test
  void aKeyThatAnotherMachineHasMadeIsMissed() throws Exception {
    PostgresLocation second =
        new PostgresLocation(
            location().url(), null, null, folder.resolve("b/refreshd"), folder.resolve("b/key"));
    fixture.open("run").close();
    Files.createDirectories(folder.resolve("b"));
    assertThatThrownBy(() -> open(second))
        .isInstanceOf(StoreException.WrongKey.class)
        .hasMessageContaining("the key file " + folder.resolve("b/key") + " is missing");
    Files.copy(
        location().keyFile(), second.keyFile(), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    try (OpenStore here = fixture.open("run");
        OpenStore there = open(second)) {
      here.sealingKeyRotation().run((step, resealed) -> {});

      assertThatThrownBy(() -> there.sealingKeyRotation().run((step, resealed) -> {}))
          .isInstanceOf(StoreException.WrongKey.class);
      samples.bringIn(here, LIVE);
      assertThat(here.find(LIVE)).isPresent();
    }
  }
}
