package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.State;
import io.refreshd.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that shares its triggers with others takes on a new configuration like any other. */
@Timeout(120)
class PostgresReloadTest {

  @TempDir Path folder;

  @Test
  void aReloadTakesTheTriggersOver() throws Exception {
    String url = PostgresServer.newSchema().replace("user=postgres&", "");
    String store = "store: { url: '" + url + "', username: postgres, key: 'file:pg.key' }\n";
    try (RunningDaemon running = new RunningDaemon(folder)) {
      running.write(store, "live");
      running.bringIn("live", false);
      running.daemon.start();
      assertThat(running.awaitEntries(Event.ROTATED, 1)).containsExactly("germany/live");

      running.write(store, "live", "sandbox");
      running.makeDue("live", "sandbox");
      assertThat(running.reload()).startsWith("READY=1 STATUS=2 grants");

      assertThat(running.awaitEntries(Event.ROTATED, 2))
          .containsExactlyInAnyOrder("germany/live", "germany/sandbox");
      assertThat(running.status())
          .extracting(GrantStatus::state)
          .containsExactly(State.HEALTHY, State.HEALTHY);
    }
  }
}
