package io.refreshd.store;

import static io.refreshd.store.Samples.FRANCE;
import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.StoreException;
import io.refreshd.testing.CuttingProxy;
import io.refreshd.testing.CuttingProxy.Cut;
import io.refreshd.testing.LogRecorder;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes between a store and its copy: other machines, lost connections, a new key. */
class StoreMoveTroubleTest {

  @TempDir Path folder;
  private StoreFixture sqlite;
  private PostgresFixture postgres;
  private MutableClock clock;

  @BeforeEach
  void aStoreWithAGrantAndOneThatWasPresented() {
    sqlite = new StoreFixture(folder.resolve("sqlite"));
    postgres = new PostgresFixture(folder.resolve("postgres"));
    clock = sqlite.clock;
    try (OpenStore store = sqlite.open("run")) {
      sqlite.samples.bringIn(store, LIVE);
      sqlite.samples.rotate(store, LIVE, 1);
      sqlite.samples.bringIn(store, FRANCE);
      sqlite.samples.markingLease(store, FRANCE);
    }
    clock.advance(Duration.ofMinutes(5));
  }

  private StoreMove.Result move(StoreFixture from, StoreFixture to) {
    return StoreMove.run(from.location, to.location, clock, rows -> {});
  }

  private StoreFixture emptyFile() {
    return new StoreFixture(folder.resolve("empty"));
  }

  private PostgresFixture behind(CuttingProxy proxy) {
    String url = ((PostgresLocation) postgres.location).url();
    int port = port();
    return new PostgresFixture(
        url.replace(":" + port + "/", ":" + proxy.port() + "/") + "&prepareThreshold=0",
        folder.resolve("postgres"));
  }

  private int port() {
    String url = ((PostgresLocation) postgres.location).url();
    return URI.create(url.substring("jdbc:".length())).getPort();
  }

  @Test
  void aDaemonThatLivesOnAnotherMachineIsSeenOnEitherSide() throws Exception {
    StoreFixture there = postgres.onAnotherMachine(Files.createDirectory(folder.resolve("there")));
    try (OpenStore daemon = there.open("run@web1/3fa9c2d1")) {
      daemon.cluster().orElseThrow().beat();

      assertThatThrownBy(() -> move(sqlite, postgres))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("web1/3fa9c2d1: a daemon is at work there on the store jdbc:");
      copyKey(there, postgres);
      assertThatThrownBy(() -> move(postgres, emptyFile()))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("web1/3fa9c2d1: a daemon is at work there on the store jdbc:");

      daemon.cluster().orElseThrow().leave();
      assertThatCode(() -> move(postgres, emptyFile())).doesNotThrowAnyException();
    }
  }

  private static void copyKey(StoreFixture from, StoreFixture to) throws IOException {
    Files.createDirectories(to.location.keyFile().getParent());
    Files.copy(
        from.location.keyFile(),
        to.location.keyFile(),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
  }

  /** The last table's last row ends the connection to the source, which nothing more is read of. */
  @Test
  void nothingIsCopiedWhenTheLockOnTheSourceIsLostWhileTheCopyIsReadBack() throws Exception {
    move(sqlite, postgres);
    PostgresFixture source =
        new PostgresFixture(
            ((PostgresLocation) postgres.location).url() + "&ApplicationName=doomed",
            folder.resolve("postgres"));
    // two schemas of one server go by the same name but for this
    PostgresFixture target =
        new PostgresFixture(
            PostgresServer.newSchema().replace("localhost", "127.0.0.1"), folder.resolve("target"));
    target.open("run").close();
    target.execute(
        "TRUNCATE rotation_log",
        "UPDATE meta SET primary_key = NULL, key_check = NULL",
        "CREATE FUNCTION doom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " PERFORM pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'doomed'; RETURN NEW; END $$",
        "CREATE TRIGGER doom AFTER INSERT ON meta FOR EACH ROW EXECUTE FUNCTION doom()");
    Files.delete(target.location.keyFile());

    assertThatThrownBy(() -> move(source, target))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("terminating connection due to administrator command")
        .hasMessageNotContaining("is not known");

    try (var connection = target.connection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM grants")) {
      rows.next();
      assertThat(rows.getInt(1)).isZero();
    }
    assertThat(target.location.keyFile()).doesNotExist();
  }

  @Test
  void aServerThatTakesLongerThanItsSocketTimeoutIsNotGivenUp() throws Exception {
    postgres.open("run").close();
    postgres.execute(
        "TRUNCATE rotation_log",
        "UPDATE meta SET primary_key = NULL, key_check = NULL",
        "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " PERFORM pg_sleep(1.5); RETURN NEW; END $$",
        "CREATE TRIGGER slow AFTER INSERT ON meta FOR EACH ROW EXECUTE FUNCTION broken()");
    Files.delete(postgres.location.keyFile());
    PostgresFixture hasty =
        new PostgresFixture(
            ((PostgresLocation) postgres.location).url() + "&socketTimeout=1",
            folder.resolve("postgres"));
    try {
      assertThat(move(sqlite, hasty).grants()).isEqualTo(2);
    } finally {
      postgres.mendCommits();
    }
  }

  @Test
  void aSourceThatIsLostAfterTheCommitOfTheCopyIsNoFailureOfTheMove() throws Exception {
    move(sqlite, postgres);
    try (CuttingProxy proxy = new CuttingProxy(port())) {
      PostgresFixture source = behind(proxy);
      proxy.cut(Cut.BEFORE_A_COMMIT);

      StoreMove.Result moved = move(source, emptyFile());

      assertThat(moved.grants()).isEqualTo(2);
      assertThat(moved.wasThere()).isFalse();
      assertThat(moved.proof().faults()).isEmpty();
    }
  }

  @Test
  void aCommitWhoseAnswerIsLostIsNotCalledAFailureAndTheNextRunTells() throws Exception {
    try (CuttingProxy proxy = new CuttingProxy(port())) {
      PostgresFixture target = behind(proxy);
      proxy.cut(Cut.AFTER_A_COMMIT);

      assertThatThrownBy(() -> move(sqlite, target))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("is not known: run the same command again");
    }

    StoreMove.Result again = move(sqlite, postgres);
    assertThat(again.wasThere()).isTrue();
    assertThat(again.grants()).isEqualTo(2);
    assertThat(again.proof().faults()).isEmpty();
    assertThat(move(sqlite, postgres).wasThere()).as("and as often as you like").isTrue();

    postgres.execute("UPDATE grants SET fingerprint = 'sha256:0' WHERE name = 'live'");
    assertThatThrownBy(() -> move(sqlite, postgres)).hasMessageContaining("is in use already");
  }

  @Test
  void aRefusedMoveLeavesNoKeyFile() throws Exception {
    try (OpenStore store = postgres.open("run")) {
      postgres.samples.bringIn(store, LIVE);
    }
    Files.delete(Path.of(postgres.location.base() + ".head"));
    Files.delete(postgres.location.keyFile());

    assertThatThrownBy(() -> move(sqlite, postgres)).hasMessageContaining("is in use already");

    assertThat(postgres.location.keyFile()).doesNotExist();
  }

  @Test
  void aStoreThatAnotherMachineHasGivenANewKeyIsNotCopiedWithTheOldOne() throws Exception {
    move(sqlite, postgres);
    StoreFixture there = postgres.onAnotherMachine(Files.createDirectory(folder.resolve("there")));
    copyKey(postgres, there);
    try (OpenStore store = there.open("cli-1")) {
      store.sealingKeyRotation().run((step, resealed) -> {});
    }
    StoreFixture target = emptyFile();

    assertThatThrownBy(() -> move(postgres, target))
        .isInstanceOf(StoreException.WrongKey.class)
        .hasMessageContaining(postgres.location.keyFile() + " is not the one that the store was");

    assertThat(target.location.keyFile()).doesNotExist();
  }

  @Test
  void aGrantWhoseTokenAnotherMachineMayHoldIsNamed() {
    move(sqlite, postgres);
    try (LogRecorder recorder = new LogRecorder()) {
      move(postgres, emptyFile());

      assertThat(recorder.lines())
          .anyMatch(
              line ->
                  line.startsWith("WARN france/live: presented to a single-use server")
                      && line.contains("`refreshd doctor` there"));
    }
  }
}
