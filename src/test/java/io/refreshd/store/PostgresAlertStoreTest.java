package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.AlertBook;
import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Delivery;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.OpenAlert;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, on PostgreSQL; and what several daemons do to each other there. */
class PostgresAlertStoreTest extends AlertStoreContract {

  @TempDir Path folder;
  private OpenStore store;

  private PostgresFixture fixture;

  @BeforeEach
  void openIt() {
    fixture = new PostgresFixture(folder);
    store = TokenStores.openToWrite(fixture.location, "run", 4, clock);
  }

  @AfterEach
  void closeIt() {
    store.close();
  }

  /** As the lock of the alerts is called in {@link PostgresSql}. */
  private static final String LOCK =
      "SELECT pg_advisory_lock(1919247976, CAST(CAST('deliveries' AS regclass) AS oid)::int)";

  @Test
  void whileAnotherDaemonIsAtTheAlertsALookIsNotWrittenAndNotWaitedFor() throws Exception {
    try (Connection other = fixture.connection();
        Statement statement = other.createStatement()) {
      statement.execute(LOCK);

      assertThat(
              alerts()
                  .commit(
                      new AlertBook.Page(List.of(), List.of(raised("a")), List.of()),
                      List.of("ops"),
                      clock.instant()))
          .isEmpty();
    }
    assertThat(take("ops")).isEmpty();
  }

  @Test
  void rotationsGoOnWhileAnotherDaemonIsAtTheAlerts() throws Exception {
    commit(raised("a"), "ops");
    Delivery delivery = take("ops").orElseThrow();
    CompletableFuture<List<Entry>> delivered;
    try (Connection other = fixture.connection();
        Statement statement = other.createStatement()) {
      statement.execute(LOCK);
      delivered =
          CompletableFuture.supplyAsync(() -> alerts().delivered(delivery, clock.instant()));
      for (int i = 0; i < 20; i++) {
        long start = System.nanoTime();
        store.append(Entry.of(clock.instant(), null, Event.RECOVERED, "it is well"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
      }
      assertThat(delivered).isNotDone();
    }

    assertThat(delivered.get(20, TimeUnit.SECONDS)).hasSize(1);
  }

  @Test
  void theStartOfADaemonWithoutChannelsKeepsNoOtherOneFromTellingTheRecovery() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    alerts().delivered(take("ops").orElseThrow(), clock.instant());

    assertThat(alerts().retain(List.of(), clock.instant())).isEmpty();
    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops");

    assertThat(take("ops").orElseThrow().alert().change()).isEqualTo(Change.RECOVERED);
  }

  @Test
  void theStartOfADaemonWithOtherChannelsDropsNothingThatWaitsForARetry() {
    commit(raised("a"), "ops");
    alerts().failed(take("ops").orElseThrow(), "no route", false, clock.instant());
    clock.advance(Duration.ofDays(6));

    assertThat(alerts().retain(List.of("mail"), clock.instant())).isEmpty();

    assertThat(take("ops").orElseThrow().alert().cause()).isEqualTo("blocked/a");
  }

  @Test
  void whatIsRememberedAsBeforeIsNotWrittenAnew() throws Exception {
    OpenAlert stays = open("blocked/stays", Level.CRITICAL, 0, Set.of("germany/a"));
    OpenAlert turns = open("blocked/turns", Level.WARNING, 0, Set.of("germany/b"));
    commit(List.of(stays, turns), List.of());
    String before = versionOf("blocked/stays");

    OpenAlert turned = open("blocked/turns", Level.CRITICAL, 1, Set.of("germany/b"));
    commit(List.of(stays, turned), List.of());

    assertThat(alerts().open()).containsExactlyInAnyOrder(stays, turned);
    assertThat(versionOf("blocked/stays")).isEqualTo(before);
  }

  private String versionOf(String cause) throws SQLException {
    try (Connection connection = fixture.connection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT xmin::text FROM open_alerts WHERE cause = ?")) {
      statement.setString(1, cause);
      try (ResultSet rows = statement.executeQuery()) {
        assertThat(rows.next()).isTrue();
        return rows.getString(1);
      }
    }
  }

  @Override
  AlertStore alerts() {
    return store.alerts();
  }

  @Override
  List<Entry> log() {
    return Samples.log(store).stream().map(LoggedEntry::entry).toList();
  }
}
