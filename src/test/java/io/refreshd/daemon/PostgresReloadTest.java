package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.State;
import io.refreshd.testing.CuttingProxy;
import io.refreshd.testing.CuttingProxy.Cut;
import io.refreshd.testing.PostgresServer;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that shares its triggers with others takes on a new configuration like any other. */
@Timeout(120)
class PostgresReloadTest {

  @TempDir Path folder;

  private static String schema() {
    return PostgresServer.newSchema().replace("user=postgres&", "");
  }

  private static String store(String url) {
    return "store: { url: '" + url + "', username: postgres, key: 'file:pg.key' }\n";
  }

  @Test
  void aReloadTakesTheTriggersOver() throws Exception {
    String store = store(schema());
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

  @Test
  void aReloadWhileTheDatabaseIsAwayRotatesAsSoonAsItIsBack() throws Exception {
    String url = schema();
    int port = URI.create(url.substring("jdbc:".length())).getPort();
    try (CuttingProxy proxy = new CuttingProxy(port);
        RunningDaemon running = new RunningDaemon(folder)) {
      String store = store(url.replace(":" + port + "/", ":" + proxy.port() + "/"));
      running.writeWith(store, "lifetime: 60s, rotate-every: 2s", "live");
      running.bringIn("live", false);
      running.daemon.start();
      assertThat(running.awaitEntries(Event.ROTATED, 1)).containsExactly("germany/live");

      proxy.cut(Cut.NOW);
      running.daemon.requestReload();
      running.awaitNotice(notice -> notice.startsWith("RELOADING=1"));
      assertThat(running.awaitReady()).contains("the store cannot be read");
      proxy.cut(Cut.NEVER);

      assertThat(running.awaitEntries(Event.ROTATED, 3))
          .as("one of them may have been in flight when the database went away")
          .containsOnly("germany/live");
    }
  }
}
