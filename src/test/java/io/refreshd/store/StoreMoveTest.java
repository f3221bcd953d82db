package io.refreshd.store;

import static io.refreshd.store.Samples.FRANCE;
import static io.refreshd.store.Samples.LIVE;
import static io.refreshd.store.Samples.SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.AlertBook;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.OpenAlert;
import io.refreshd.rotation.StoreException;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.WholeGrant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store goes from SQLite to PostgreSQL, and back, as it is. */
class StoreMoveTest {

  @TempDir Path folder;
  private StoreFixture sqlite;
  private PostgresFixture postgres;
  private Samples samples;
  private MutableClock clock;

  @BeforeEach
  void aStoreWithSomethingInEveryTable() {
    sqlite = new StoreFixture(folder.resolve("sqlite"));
    postgres = new PostgresFixture(folder.resolve("postgres"));
    samples = sqlite.samples;
    clock = sqlite.clock;
    try (OpenStore store = sqlite.open("run")) {
      samples.bringIn(store, LIVE);
      samples.rotate(store, LIVE, 1);
      samples.bringIn(store, FRANCE);
      samples.bringIn(store, SANDBOX);
      store.record(samples.lease(store, SANDBOX), samples.attempt(SANDBOX, 1));
      Lease dead = samples.markingLease(store, FRANCE);
      assertThat(dead.id()).isNotEmpty();
      alert(store);
    }
    clock.advance(Duration.ofMinutes(5));
  }

  private void alert(OpenStore store) {
    Alert alert =
        new Alert(
            "needs-consent/50076",
            Alert.Change.RAISED,
            Level.CRITICAL,
            samples.now(),
            "title",
            List.of(new Alert.Concern("germany/sandbox", "what", null, "next", null)));
    OpenAlert open =
        new OpenAlert(
            alert.cause(),
            samples.now(),
            samples.now(),
            samples.now(),
            Level.CRITICAL,
            1,
            Set.of("germany/sandbox"));
    store
        .alerts()
        .commit(
            new AlertBook.Page(List.of(), List.of(alert), List.of(open)),
            List.of("ops", "mail"),
            samples.now());
    store
        .alerts()
        .take("ops", samples.now(), samples.now().plusSeconds(60))
        .ifPresent(taken -> store.alerts().delivered(taken, samples.now()));
  }

  /** Everything in a store, table by table, as text. */
  private static List<String> content(StoreFixture fixture) throws Exception {
    List<String> content = new ArrayList<>();
    try (Connection connection = fixture.connection();
        Statement statement = connection.createStatement()) {
      for (StoreTable table : StoreTable.values()) {
        int before = content.size();
        try (ResultSet rows = statement.executeQuery(table.select())) {
          while (rows.next()) {
            StringBuilder row = new StringBuilder(table.table());
            for (int i = 1; i <= table.columns().size(); i++) {
              Object value = rows.getObject(i);
              row.append('|')
                  .append(value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
            }
            content.add(row.toString());
          }
        }
        assertThat(content.size()).as("rows of %s", table).isGreaterThan(before);
      }
    }
    return content;
  }

  @Test
  void everythingComesThroughToPostgresqlAndBack() throws Exception {
    List<String> before = content(sqlite);

    StoreMove.Result there = StoreMove.run(sqlite.location, postgres.location, clock, rows -> {});

    assertThat(there.grants()).isEqualTo(3);
    assertThat(there.entries()).isEqualTo(6);
    assertThat(there.proof().faults()).isEmpty();
    assertThat(content(postgres)).isEqualTo(before);
    assertThat(content(sqlite)).as("the source stays as it is").isEqualTo(before);

    StoreFixture back = new StoreFixture(folder.resolve("back"));
    StoreMove.Result again = StoreMove.run(postgres.location, back.location, clock, rows -> {});

    assertThat(again.proof().faults()).isEmpty();
    assertThat(content(back)).isEqualTo(before);
  }

  @Test
  void aMovedStoreGoesOn() throws Exception {
    List<LoggedEntry> log;
    WholeGrant live;
    try (OpenStore store = sqlite.openToRead()) {
      log = Samples.log(store);
      live = WholeGrant.of(store.find(LIVE).orElseThrow());
    }
    StoreMove.run(sqlite.location, postgres.location, clock, rows -> {});

    postgres.clock.advance(Duration.ofMinutes(5));
    try (OpenStore store = postgres.open("run")) {
      assertThat(store.find(LIVE).map(WholeGrant::of)).contains(live);
      assertThat(store.findRecord(FRANCE).orElseThrow().unanswered())
          .as("what nobody saw answered stays so")
          .isTrue();
      assertThat(Samples.log(store)).isEqualTo(log);
      postgres.samples.rotate(store, LIVE, 2);
      postgres.samples.bringIn(store, io.refreshd.grant.GrantName.parse("spain/new"));
      alert(store);
      assertThat(store.sealingKeyRotation().run((step, resealed) -> {}).resealed()).isPositive();
      assertThat(store.sealingKeyRotation().dropOldKeys((step, resealed) -> {}).oldKeys())
          .isEqualTo(SealingKeyRotation.OldKeys.REMOVED);
      store.keepHead();
      assertThat(store.verifyLog().faults()).isEmpty();
    }
    assertThat(Files.getPosixFilePermissions(postgres.location.keyFile())).hasSize(2);
  }

  @Test
  void aTargetThatHoldsSomethingIsRefusedAndLeftAsItIs() throws Exception {
    try (OpenStore store = postgres.open("run")) {
      postgres.samples.bringIn(store, LIVE);
    }
    Files.delete(Path.of(postgres.location.base() + ".head"));
    Files.copy(
        sqlite.location.keyFile(),
        postgres.location.keyFile(),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);

    assertThatThrownBy(() -> StoreMove.run(sqlite.location, postgres.location, clock, rows -> {}))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "the store "
                + postgres.location
                + " is in use already; only an empty one can be filled");
    assertThatThrownBy(() -> StoreMove.run(sqlite.location, sqlite.location, clock, rows -> {}))
        .hasMessageContaining("both are the store");
  }

  /** As whoever makes the tables for a lesser role leaves it. */
  @Test
  void aTargetThatHasOnlyItsTablesIsFilled() throws Exception {
    postgres.open("cli").close();
    Files.delete(postgres.location.keyFile());

    assertThat(StoreMove.run(sqlite.location, postgres.location, clock, rows -> {}).wasThere())
        .isFalse();
    try (OpenStore store = postgres.open("run")) {
      assertThat(store.find(LIVE)).isPresent();
    }
  }

  @Test
  void anotherKeyIsRefused() {
    new KeyFile(postgres.location.keyFile(), Disk.REAL).loadOrCreate();

    assertThatThrownBy(() -> StoreMove.run(sqlite.location, postgres.location, clock, rows -> {}))
        .isInstanceOf(StoreException.WrongKey.class)
        .hasMessageContaining("does not hold the key of the store " + sqlite.location);
  }

  @Test
  void aStoreThatSomebodyWorksOnIsRefused() {
    try (RunLock lock = RunLock.acquire(sqlite.location)) {
      assertThatThrownBy(() -> StoreMove.run(sqlite.location, postgres.location, clock, rows -> {}))
          .as("beside %s", lock)
          .hasMessageContaining("another `refreshd run` is at work on the store");
    }
    try (OpenStore store = sqlite.open("run@elsewhere")) {
      samples.lease(store, LIVE);
      assertThatThrownBy(() -> StoreMove.run(sqlite.location, postgres.location, clock, rows -> {}))
          .hasMessageContaining("germany/live: run@elsewhere rotates it");
    }
  }

  @Test
  void aTokenThatWaitsInTheSpoolIsNotLeftBehind() throws Exception {
    try (OpenStore store = sqlite.open("run")) {
      Lease lease = samples.lease(store, LIVE);
      sqlite.breakCommits();
      store.commit(lease, samples.next(LIVE, 2));
      assertThatThrownBy(() -> StoreMove.run(sqlite.location, postgres.location, clock, rows -> {}))
          .hasMessageContaining("germany/live: a new token waits in the spool");
      sqlite.mendCommits();
    }
  }

  @Test
  void whatFailsOnTheWayLeavesAnEmptyTarget() throws Exception {
    postgres.open("run").close();
    postgres.execute(
        "TRUNCATE rotation_log", "UPDATE meta SET primary_key = NULL, key_check = NULL");
    Files.delete(postgres.location.keyFile());
    postgres.breakCommits();

    assertThatThrownBy(() -> StoreMove.run(sqlite.location, postgres.location, clock, rows -> {}))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("broken");

    postgres.mendCommits();
    StoreMove.Result moved = StoreMove.run(sqlite.location, postgres.location, clock, rows -> {});
    assertThat(moved.grants()).isEqualTo(3);
    assertThat(moved.proof().faults()).isEmpty();
  }

  @Test
  void anOldCopyOfAStoreThatWasPutBackIsNotMovedAsIfNothingHadHappenedSince() throws Exception {
    Path store = sqlite.location.base();
    Path copy = Files.copy(store, folder.resolve("copy.db"));
    try (OpenStore later = sqlite.open("run")) {
      samples.rotate(later, LIVE, 2);
    }
    Files.copy(copy, store, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertThatThrownBy(() -> StoreMove.run(sqlite.location, postgres.location, clock, rows -> {}))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is older than its rotation log has been")
        .hasMessageContaining("`refreshd restore --force FILE`");

    try (OpenStore target = postgres.open("run")) {
      assertThat(target.records(null, 100)).isEmpty();
    }

    try (OpenStore seenTo = sqlite.open("run")) {
      seenTo.settled(seenTo.findLostHead().orElseThrow().head());
      assertThat(seenTo.findLostHead()).isEmpty();
    }
    assertThatThrownBy(() -> StoreMove.run(sqlite.location, postgres.location, clock, rows -> {}))
        .as("what tells of it would still stay behind")
        .hasMessageContaining("is older than its rotation log has been");
  }
}
