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

/** Two daemons that call for the same partition, by Quartz's tables in one database. */
@Timeout(120)
class SharedTriggersTest {

  private static final Clock CLOCK = Clock.systemUTC();
  private static final RotationPolicy POLICY = new RotationPolicy(new QuartzCron());

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
      Turns turns = new Turns(shares, due, queue, scouts, this::arm, CLOCK);
      String connections = store.cluster().orElseThrow().connections();
      triggers = new PartitionTriggers(turns, new Sharing("node", connections, 1));
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

  @Test
  void aPartitionThatAnotherDaemonCalledForEarlierIsNotForgottenAfterItsTurn() throws Exception {
    Grant grant = Grants.sample();
    Path base = folder.resolve("refreshd");
    PostgresLocation location =
        new PostgresLocation(PostgresServer.newSchema(), null, null, base, folder.resolve("key"));
    try (OpenStore store = TokenStores.openToWrite(location, "run", 1, CLOCK);
        Node working = new Node(store, grant);
        Node other = new Node(store, grant)) {
      ReusableServer server = new ReusableServer(CLOCK, Duration.ofDays(90));
      Import imported = new Import(server.issue(), null, null, true, false);
      var unused =
          new Rotator(store, server, POLICY, (entry, kept) -> {}, CLOCK).bringIn(grant, imported);
      Partition partition = Partition.of(grant.name().tenant(), store.partitions().size());
      Instant next = store.findNextAttempt(partition, CLOCK.instant()).orElseThrow();
      other.triggers.standBack(true);
      other.triggers.start();
      working.triggers.start();

      working.triggers.armNoLaterThan(partition, next.minusSeconds(1));
      other.triggers.armNoLaterThan(partition, CLOCK.instant());
      assertThat(working.turnsEnded.await(60, TimeUnit.SECONDS)).isTrue();

      assertThat(other.triggers.isForgotten(partition, next.plusSeconds(1)))
          .as("there is a trigger, at the time that the grant is due")
          .isTrue();
    }
  }
}
