package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.State;
import io.refreshd.sandbox.Trouble;
import io.refreshd.sandbox.Troubles;
import io.refreshd.testing.LogRecorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon takes a changed configuration on while it runs. */
@Timeout(120)
class ReloadTest {

  @TempDir private Path folder;

  @Test
  void anAddedGrantIsRotatedAndARemovedOneIsListed() throws Exception {
    try (LogRecorder log = new LogRecorder();
        RunningDaemon running = new RunningDaemon(folder, "live", "sandbox")) {
      running.daemon.start();
      assertThat(running.awaitReady()).isEqualTo("READY=1 STATUS=2 grants");
      running.configure("live", "fresh");
      running.bringIn("fresh", false);

      assertThat(running.reload()).isEqualTo("READY=1 STATUS=2 grants, 1 unconfigured");

      assertThat(running.awaitEntries(Event.ROTATED, 1)).containsExactly("germany/fresh");
      assertThat(log.lines())
          .contains("INFO reloaded: 1 grant added (germany/fresh), 1 removed (germany/sandbox)");
    }
  }

  @Test
  void aRemovedGrantIsNotRotatedEvenIfItIsDue() throws Exception {
    try (RunningDaemon running = new RunningDaemon(folder, "live", "sandbox")) {
      running.daemon.start();
      running.awaitReady();
      running.makeDue("sandbox", "live");
      running.configure("live");

      running.reload();

      assertThat(running.awaitEntries(Event.ROTATED, 1)).containsExactly("germany/live");
      assertThat(running.chain("sandbox").requests()).isZero();
    }
  }

  @Test
  void allGrantsBehindAWrongSecretRecoverOnceItIsReplaced() throws Exception {
    String[] fleet = IntStream.range(0, 24).mapToObj(i -> "g" + i).toArray(String[]::new);
    try (RunningDaemon running = new RunningDaemon(folder, fleet)) {
      running.makeDue(fleet);
      running.register("the-second-secret");
      running.daemon.start();
      running.awaitEntries(Event.REFUSED, 1);
      assertThat(running.requests(fleet)).as("one grant asks for all").isEqualTo(1);
      running.writeSecret("the-second-secret");

      running.reload();

      assertThat(running.awaitEntries(Event.ROTATED, 24)).doesNotHaveDuplicates();
      assertThat(running.status())
          .hasSize(24)
          .extracting(GrantStatus::state)
          .containsOnly(State.HEALTHY);
    }
  }

  @Test
  void aBrokenConfigurationIsToldAndTheOldOneGoesOn() throws Exception {
    try (LogRecorder log = new LogRecorder();
        RunningDaemon running = new RunningDaemon(folder, "live")) {
      running.daemon.start();
      running.awaitReady();
      running.makeDue("live");
      running.replace("tenants:\n  - name: germany\n    client-idd: x\n");

      assertThat(running.reload())
          .isEqualTo(
              "READY=1 STATUS=the configuration has problems, the old one is in force; 1 grant");

      List<String> errors = log.lines().stream().filter(l -> l.startsWith("ERROR")).toList();
      assertThat(errors)
          .anyMatch(l -> l.contains("refreshd.yaml:3:5: ") && l.contains("client-id"));
      assertThat(errors.get(errors.size() - 1)).endsWith("the old one stays in force");
      running.configure("live");
      assertThat(running.reload()).isEqualTo("READY=1 STATUS=1 grant");
      assertThat(running.awaitEntries(Event.ROTATED, 1)).containsExactly("germany/live");
    }
  }

  @Test
  void theOldConfigurationRotatesWhileTheNewOneIsBroken() throws Exception {
    try (RunningDaemon running = new RunningDaemon(folder, "live")) {
      running.defaults("rotate-every: 1s, lifetime: 60s");
      running.daemon.start();
      running.awaitReady();
      running.replace("tenants: {");

      running.reload();

      running.awaitEntries(Event.ROTATED, 2);
    }
  }

  @Test
  void aRedemptionInFlightEndsByItselfAndIsNotDoubled() throws Exception {
    try (LogRecorder log = new LogRecorder();
        RunningDaemon running = new RunningDaemon(folder, "live")) {
      running.makeDue("live");
      running.troubles().begin(new Troubles.Everyone(), new Trouble.Slow(Duration.ofSeconds(2)));
      running.daemon.start();
      running.awaitRequest("live");

      running.write("concurrency: 2\n", "live");
      running.reload();
      running.reload();

      assertThat(running.awaitEntries(Event.ROTATED, 1)).containsExactly("germany/live");
      assertThat(running.chain("live").requests()).isEqualTo(1);
      assertThat(log.lines())
          .contains("INFO reloaded: no grant changed, concurrency 2 instead of 16")
          .noneMatch(line -> line.startsWith("ERROR"));
    }
  }

  @Test
  void aStopWaitsForWhatTheOldConfigurationHasInFlight() throws Exception {
    try (RunningDaemon running = new RunningDaemon(folder, "live")) {
      running.makeDue("live");
      running.troubles().begin(new Troubles.Everyone(), new Trouble.Slow(Duration.ofSeconds(1)));
      running.daemon.start();
      running.awaitRequest("live");
      running.reload();

      running.daemon.close();

      assertThat(running.status())
          .extracting(GrantStatus::record)
          .extracting(GrantRecord::generation)
          .containsExactly(4);
      assertThat(running.awaitNotice(notice -> notice.equals("STOPPING=1"))).isNotNull();
      running.daemon.requestReload();
      assertThat(running.notices()).as("after STOPPING").isEmpty();
    }
  }

  @Test
  void whatOnlyARestartCanChangeIsToldAndKept() throws Exception {
    try (LogRecorder log = new LogRecorder();
        RunningDaemon running = new RunningDaemon(folder, "live")) {
      running.daemon.start();
      running.awaitReady();
      running.makeDue("live");
      running.write(
          """
          store: { url: 'jdbc:sqlite:other.db', key: 'file:other.key' }
          log: { file: other.log }
          """,
          "live");

      running.reload();

      running.awaitEntries(Event.ROTATED, 1);
      assertThat(folder.resolve("other.db")).doesNotExist();
      assertThat(folder.resolve("other.log")).doesNotExist();
      assertThat(log.lines())
          .anyMatch(line -> line.startsWith("WARN store.url: ") && line.contains("a restart"))
          .anyMatch(line -> line.startsWith("WARN store.key: "))
          .anyMatch(line -> line.startsWith("WARN log.file: "));
    }
  }

  @Test
  void aReloadThatIsAskedForBeforeTheStartHasEndedFollowsIt() throws Exception {
    try (RunningDaemon running = new RunningDaemon(folder, "live")) {
      running.daemon.requestReload();
      running.daemon.requestReload();
      running.daemon.start();

      running.awaitReady();
      running.awaitNotice(notice -> notice.startsWith("RELOADING=1"));
      running.awaitReady();
      assertThat(running.notices()).as("one for both").isEmpty();
    }
  }
}
