package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.StoreException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, on SQLite; and what only a file can do. */
class SqliteAlertStoreTest extends AlertStoreContract {

  @TempDir Path folder;
  private OpenStore store;

  @BeforeEach
  void openIt() {
    SqliteLocation location =
        new SqliteLocation(folder.resolve("refreshd.db"), folder.resolve("refreshd.key"));
    store = TokenStores.openToWrite(location, "run", 4, clock);
  }

  @AfterEach
  void closeIt() {
    store.close();
  }

  @Override
  AlertStore alerts() {
    return store.alerts();
  }

  @Override
  List<Entry> log() {
    return Samples.log(store).stream().map(LoggedEntry::entry).toList();
  }

  @Test
  void whatWaitsSurvivesARestart() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    closeIt();
    openIt();

    assertThat(take("ops").orElseThrow().alert().cause()).isEqualTo(CAUSE);
  }

  @Test
  void whatWaitsForAChannelThatIsGoneIsDroppedAtOnce() {
    commit(raised("a"), "ops");

    assertThat(alerts().retain(List.of("mail"), clock.instant())).hasSize(1);
    assertThat(take("ops")).isEmpty();
  }

  @Test
  void aChannelThatWasAwayIsNotToldOfARecovery() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    alerts().delivered(take("ops").orElseThrow(), clock.instant());
    alerts().retain(List.of(), clock.instant());

    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops");

    assertThat(take("ops")).isEmpty();
  }

  @Test
  void bytesThatAreNoAlertAreDamage() {
    Assertions.assertThatThrownBy(() -> AlertCodec.alert(new byte[] {0, 0, 0, 9, 1}))
        .isInstanceOf(StoreException.Damaged.class);
  }
}
