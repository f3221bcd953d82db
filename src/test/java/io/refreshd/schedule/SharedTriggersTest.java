package io.refreshd.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.Partition;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.store.OpenStore;
import io.refreshd.store.PostgresLocation;
import io.refreshd.store.TokenStores;
import io.refreshd.testing.Grants;
import io.refreshd.testing.PostgresServer;
import io.refreshd.testing.ReusableServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Daemons that call for the same partition, by Quartz's tables in one database. */
@Timeout(60)
class SharedTriggersTest {

  private static final Clock CLOCK = Clock.systemUTC();
  private static final RotationPolicy POLICY = new RotationPolicy(new QuartzCron());

  private static final String NODE = "looked-at";

  @TempDir Path folder;

  /** A daemon as far as triggers go. */
  private static final class Node implements AutoCloseable {
    final RotationQueue queue = new RotationQueue(1, 1, (grant, trigger) -> next -> {});
    final CountDownLatch turnsEnded = new CountDownLatch(1);
    final PartitionTriggers triggers;

    Node(OpenStore store, Grant grant) {
      int shares = store.partitions().size();
      Scouts scouts = new Scouts(CLOCK);
      DueGrants due = new DueGrants(List.of(grant), store, POLICY, scouts, CLOCK);
      Turns turns = new Turns(shares, due, queue, scouts, this::arm, CLOCK, System::nanoTime);
      String connections = store.cluster().orElseThrow().connections();
      triggers = new PartitionTriggers(turns, new Sharing(NODE, connections, 1));
    }

    private void arm(Partition partition, Instant at) {
      triggers.armNoLaterThan(partition, at);
      turnsEnded.countDown();
    }

    @Override
    public void close() {
      triggers.stop();
      queue.close();
    }
  }

  private OpenStore openStore(String schema) {
    Path base = folder.resolve("refreshd");
    return TokenStores.openToWrite(
        new PostgresLocation(schema, null, null, base, folder.resolve("key")), "run", 1, CLOCK);
  }

  @Test
  void aPartitionThatAnotherDaemonCalledForEarlierIsNotForgottenAfterItsTurn() throws Exception {
    Grant grant = Grants.sample();
    String schema = PostgresServer.newSchema();
    try (OpenStore store = openStore(schema);
        Node working = new Node(store, grant)) {
      ReusableServer server = new ReusableServer(CLOCK, Duration.ofDays(90));
      Import imported = new Import(server.issue(), null, null, true, false);
      var unused =
          new Rotator(store, server, POLICY, (entry, kept) -> {}, CLOCK).bringIn(grant, imported);
      Partition partition = Partition.of(grant.name().tenant(), store.partitions().size());
      Instant next = store.findNextAttempt(partition, CLOCK.instant()).orElseThrow();
      working.triggers.start();

      working.triggers.armNoLaterThan(partition, next.minusSeconds(1));
      working.triggers.standBack(true);
      PostgresServer.execute(schema, "UPDATE quartz_triggers SET next_fire_time = 1");
      working.triggers.standBack(false);
      assertThat(working.turnsEnded.await(30, TimeUnit.SECONDS)).isTrue();

      assertThat(working.triggers.isForgotten(partition, next.plusSeconds(1)))
          .as("there is a trigger, at the time that the grant is due")
          .isTrue();
    }
  }

  /** Those of Quartz that look for dead daemons. */
  private static List<Thread> lookouts(String node) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("-" + node + "-"))
        .filter(thread -> thread.getName().endsWith("_ClusterManager"))
        .toList();
  }

  @Test
  void aDaemonThatStandsBackTakesNoOtherForDead() throws Exception {
    Grant grant = Grants.sample();
    try (OpenStore store = openStore(PostgresServer.newSchema());
        Node node = new Node(store, grant)) {
      node.triggers.start();
      List<Thread> before = lookouts(NODE);
      assertThat(before).hasSize(1);

      node.triggers.standBack(true);

      before.get(0).join(TimeUnit.SECONDS.toMillis(20));
      assertThat(lookouts(NODE)).isEmpty();
      node.triggers.standBack(false);
      assertThat(lookouts(NODE)).as("when it has come back").hasSize(1);
    }
  }
}
