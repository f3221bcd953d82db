package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Event;
import io.refreshd.rotation.State;
import io.refreshd.testing.PostgresPast;
import io.refreshd.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon runs, and its server fails over to a standby that lacks the last rotation. */
@Timeout(120)
class PostgresGoneBackTest {

  @TempDir Path folder;

  private static State state(RunningDaemon running) throws Exception {
    return running.status().get(0).state();
  }

  @Test
  void afterAFailoverThatLostARotationASpentTokenIsNotPresentedAndWaitsForAPerson()
      throws Exception {
    try (PostgresPast past = new PostgresPast(PostgresServer.newSchema());
        RunningDaemon running = new RunningDaemon(folder)) {
      String url = past.url().replace("user=" + past.role() + "&", "");
      running.writeWith(
          "store: { url: '" + url + "', username: " + past.role() + ", key: 'file:pg.key' }\n",
          "refresh-tokens: single-use",
          "live");
      running.bringIn("live", false);
      past.remember();
      running.daemon.start();
      running.awaitEntries(Event.ROTATED, 1);

      past.failOver();
      running.reload(); // who is due is looked up anew
      while (state(running) != State.NEEDS_CONSENT && running.requests("live") == 1) {
        Thread.sleep(20);
      }

      assertThat(running.requests("live")).isEqualTo(1);
      assertThat(state(running)).isEqualTo(State.NEEDS_CONSENT);
    }
  }
}
