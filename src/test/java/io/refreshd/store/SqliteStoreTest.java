package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static io.refreshd.store.Samples.SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoreException.Unavailable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is SQLite's own: the schema, the files, the troubles of a disk. */
class SqliteStoreTest {

  @TempDir Path folder;
  private StoreFixture fixture;
  private Samples samples;

  @BeforeEach
  void anEmptyFolder() {
    fixture = new StoreFixture(folder);
    samples = fixture.samples;
  }

  private void bringInTwice() {
    try (OpenStore store = fixture.open("run")) {
      samples.bringIn(store, LIVE);
      samples.rotate(store, LIVE, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // a second row of the grant
        "INSERT INTO grants (tenant, name, current, fingerprint, next_attempt_at, failures,"
            + " verdicts, token) VALUES ('germany', 'live', 2, 'f', 0, 0, 0, x'01')",
        // no current generation, or one without its token
        "UPDATE grants SET current = NULL",
        "UPDATE grants SET current = 0",
        "UPDATE grants SET fingerprint = NULL",
        "UPDATE grants SET token = NULL",
        "INSERT INTO grants (tenant, name, current, fingerprint, next_attempt_at, failures,"
            + " verdicts) VALUES ('germany', 'other', 1, 'f', 0, 0, 0)",
        // a previous one that is only half there, or not before it
        "UPDATE grants SET previous = NULL",
        "UPDATE grants SET previous_fingerprint = NULL",
        "UPDATE grants SET previous = 2",
        "UPDATE grants SET current = 1",
        // a token of nobody
        "UPDATE grants SET tenant = NULL",
        "UPDATE grants SET name = NULL"
      })
  void theSchemaKeepsExactlyOneCurrentGeneration(String violation) throws Exception {
    bringInTwice();
    try (Connection connection = fixture.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      assertThatThrownBy(
              () -> {
                for (String one : violation.split(";", -1)) {
                  statement.execute(one);
                }
                connection.commit();
              })
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("CONSTRAINT");
    }
  }

  @Test
  void commitsAreDurable() throws Exception {
    JdbcTokenStore store = TokenStores.connect(fixture.location, "run", fixture.clock, Disk.REAL);
    try {
      samples.bringIn(store, LIVE);
      assertThat(pragma(store, "PRAGMA journal_mode")).isEqualTo("wal");
      assertThat(pragma(store, "PRAGMA foreign_keys")).isEqualTo("1");
      assertThat(pragma(store, "PRAGMA secure_delete")).isEqualTo("1");
      assertThat(synchronousOf(store, true)).as("FULL").isEqualTo("2");
      assertThat(synchronousOf(store, false)).as("NORMAL").isEqualTo("1");
    } finally {
      store.close();
    }
  }

  private static String pragma(JdbcTokenStore store, String sql) {
    return store.writer().write(true, on -> on.first(sql, Columns::text).orElseThrow());
  }

  private static String synchronousOf(JdbcTokenStore store, boolean durable) {
    return store
        .writer()
        .write(durable, on -> on.first("PRAGMA synchronous", Columns::text).orElseThrow());
  }

  private static void set(JdbcTokenStore store, String pragma) {
    store.writer().write(false, on -> on.first(pragma, row -> true).isPresent());
  }

  @Test
  void aFullDiskIsUnavailableAndLosesNothing() {
    JdbcTokenStore store = TokenStores.connect(fixture.location, "run", fixture.clock, Disk.REAL);
    try {
      samples.bringIn(store, LIVE);
      Lease lease = samples.lease(store, SANDBOX);
      set(store, "PRAGMA max_page_count = 1");

      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 50; i++) {
                  store.commit(
                      samples.lease(store, new GrantName("spain", "g" + i)),
                      samples.first(new GrantName("spain", "g" + i)));
                }
              })
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("no space left");

      assertThat(store.find(LIVE)).isPresent();
      set(store, "PRAGMA max_page_count = 1000000");
      store.commit(lease, samples.first(SANDBOX));
      assertThat(store.find(SANDBOX)).isPresent();
    } finally {
      store.close();
    }
  }

  @Test
  void aReadOnlyStoreIsUnavailable() {
    JdbcTokenStore store = TokenStores.connect(fixture.location, "run", fixture.clock, Disk.REAL);
    try {
      samples.bringIn(store, LIVE);
      store.writer().write(false, on -> on.update("PRAGMA query_only = 1"));

      assertThatThrownBy(() -> store.lease(samples.terms(LIVE)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("is read-only");
      assertThat(store.find(LIVE)).isPresent();
    } finally {
      store.close();
    }
  }

  @Test
  void aStoreOfANewerProgramIsRefused() throws Exception {
    bringInTwice();
    fixture.execute(
        "INSERT INTO schema_history SELECT 99, '999', description, type, script,"
            + " checksum, installed_by, installed_on, execution_time, success FROM schema_history"
            + " WHERE version = '1'");
    assertThatThrownBy(() -> fixture.open("run"))
        .isExactlyInstanceOf(StoreException.class)
        .hasMessageContaining("newer refreshd (schema 999");
    assertThatThrownBy(fixture::openToRead).hasMessageContaining("newer refreshd");
  }

  @Test
  void aStoreOfAnOlderProgramDoesNotLookEmpty() throws Exception {
    bringInTwice();
    OlderSchema.restore(fixture);
    assertThatThrownBy(fixture::openToRead)
        .isExactlyInstanceOf(StoreException.class)
        .hasMessageContaining(
            "is of an older refreshd (schema %d, this one reads %d); the daemon brings it up to"
                + " date when it starts, and so does `refreshd doctor`",
            Migrations.NEWEST - 1, Migrations.NEWEST);
    fixture.open("run").close();
    try (OpenStore store = fixture.openToRead()) {
      assertThat(store.records(null, 100)).as("after a start of this one").hasSize(1);
    }
  }

  @Test
  void aStoreThatIsJustBeingMadeLooksEmpty() throws Exception {
    fixture.open("run").close();
    fixture.execute("UPDATE meta SET primary_key = NULL, key_check = NULL");
    fixture.execute("DELETE FROM schema_history WHERE version = '" + Migrations.NEWEST + "'");
    try (OpenStore store = fixture.openToRead()) {
      assertThat(store.records(null, 100)).isEmpty();
    }
  }

  @Test
  void readingAMissingStoreFindsNothingAndMakesNothing() throws Exception {
    try (OpenStore store = fixture.openToRead();
        var files = Files.list(folder)) {
      assertThat(store.records(null, 100)).isEmpty();
      assertThat(store.find(LIVE)).isEmpty();
      assertThat(Samples.log(store)).isEmpty();
      assertThat(files).isEmpty();

      bringInTwice();
      assertThat(store.records(null, 100)).as("a store that is made meanwhile is seen").hasSize(1);
    }
  }

  @Test
  void manyGrantsAreReadThroughOneByOneAlsoWhileOneIsChanged() {
    int grants = 2_500;
    new BulkLoad(fixture.location, fixture.clock)
        .fill(grants, number -> new GrantName("t" + number % 7, "g" + number));
    List<GrantName> read = new ArrayList<>();
    try (OpenStore store = fixture.open("run");
        OpenStore reading = fixture.openToRead()) {
      store.readRecords(
          record -> {
            if (read.isEmpty()) {
              store.append(samples.refused(record.name(), 1));
            }
            read.add(record.name());
          });
      assertThat(read).hasSize(grants).isSorted().doesNotHaveDuplicates();

      List<GrantName> again = new ArrayList<>();
      reading.readRecords(record -> again.add(record.name()));
      assertThat(again).isEqualTo(read);
    }
  }

  @Test
  void aStoreOpenedToReadRefusesEveryWrite() {
    bringInTwice();
    try (OpenStore store = fixture.openToRead()) {
      assertThatThrownBy(() -> store.lease(samples.terms(LIVE)))
          .hasMessageContaining("opened for reading");
      assertThatThrownBy(() -> store.append(samples.refused(LIVE, 1)))
          .hasMessageContaining("opened for reading");
    }
  }

  @Test
  void readingLeavesNoFileBehind() throws Exception {
    bringInTwice();
    try (var before = Files.list(folder)) {
      var names = before.toList();
      fixture.openToRead().close();
      try (var after = Files.list(folder)) {
        assertThat(after).containsExactlyInAnyOrderElementsOf(names);
      }
    }
  }

  /** What is not used takes no memory. */
  @Test
  void nothingOfAnotherDatabaseIsLoaded() throws Exception {
    assertThat(inAProcessOfItsOwn("-Xlog:class+load"))
        .contains("io.refreshd.store.Sqlite ", "org.sqlite.")
        .doesNotContain("org.postgresql.", "com.zaxxer.", "io.refreshd.store.PostgresSession ");
  }

  private String inAProcessOfItsOwn(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Opening.class.getName(),
            folder.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** Opens a store and closes it, in a process of its own. */
  static final class Opening {
    private Opening() {}

    public static void main(String[] folder) {
      new StoreFixture(Path.of(folder[0])).open("run").close();
    }
  }

  @Test
  void nothingIsLeftOfTheNativeLibrary() throws Exception {
    bringInTwice();
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "refreshd.db",
              "refreshd.key",
              "refreshd.db.head",
              "refreshd.db.lock",
              "refreshd.db.spool-0");
    }
  }

  @Test
  void ofOtherPeoplesFilesNoneIsTakenForALeftoverOfTheNativeLibrary() throws Exception {
    FileTime longAgo = FileTime.from(Instant.EPOCH);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path theirs = Files.writeString(elsewhere.resolve("theirs"), "");
    Path link = Files.createSymbolicLink(folder.resolve(".sqlite-x"), elsewhere);
    Path numbered = Files.createSymbolicLink(folder.resolve(".sqlite-1-1"), elsewhere);
    Path named = Files.createDirectory(folder.resolve(".sqlite-backups"));
    Path left = Files.createDirectory(folder.resolve(".sqlite-123--456"));
    Files.writeString(left.resolve("libsqlitejdbc.so"), "");
    for (Path old : List.of(elsewhere, named, left)) {
      Files.setLastModifiedTime(old, longAgo);
    }

    inAProcessOfItsOwn();

    assertThat(theirs).exists();
    assertThat(List.of(link, numbered)).allMatch(Files::isSymbolicLink);
    assertThat(named).isDirectory();
    assertThat(left).doesNotExist();
  }

  @Test
  void onlyOneDaemonRunsOnAStore() {
    StoreLocation file = fixture.location;
    try (RunLock lock = RunLock.acquire(file)) {
      assertThatThrownBy(() -> RunLock.acquire(file))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another `refreshd run` is at work on the store " + file);
      bringInTwice();
      assertThatThrownBy(() -> RunLock.acquire(file))
          .as("other commands come and go without ending the lock of %s", lock)
          .isInstanceOf(StoreException.class);
    }
    RunLock.acquire(file).close();
  }

  /** A file's locks, spool and head stand beside it, by whichever name of the folder. */
  @Test
  void onlyOneDaemonRunsOnAStoreWhoseFolderHasTwoNames() throws Exception {
    Path state = Files.createDirectory(folder.resolve("state"));
    Path link = Files.createSymbolicLink(folder.resolve("linked"), state);
    try (RunLock lock = RunLock.acquire(new StoreFixture(state).location)) {
      assertThatThrownBy(() -> RunLock.acquire(new StoreFixture(link).location))
          .as("beside %s", lock)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another `refreshd run` is at work on the store ");
    }
  }
}
