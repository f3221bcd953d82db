package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.Node;
import io.refreshd.store.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static final int SCHEMA = 6;

  private int schema = SCHEMA;

  /** A store of a newer schema than this daemon knows has it stand back. */
  private final Cluster cluster =
      new Cluster() {
        @Override
        public String node() {
          return "a/1";
        }

        @Override
        public String connections() {
          return "unused";
        }

        @Override
        public Beat beat() {
          Node self = new Node("a/1", "1.5", SCHEMA, Duration.ZERO, NOW, NOW, Duration.ZERO);
          Node newer = new Node("b/2", "1.6", schema, Duration.ZERO, NOW, NOW, Duration.ZERO);
          return new Beat(self, List.of(self, newer), schema, SCHEMA);
        }

        @Override
        public void standBack(@Nullable String reason) {
          // leases nothing anyway
        }

        @Override
        public void leave() {
          // stays
        }
      };

  @Test
  void aDaemonThatCouldNotComeBackWhenItMayRotateAgainTriesWithTheNextBeat() throws Exception {
    List<Boolean> told = new ArrayList<>();
    try (Heartbeat heartbeat =
        new Heartbeat(
            cluster,
            back -> {
              told.add(back);
              if (told.size() == 2) {
                throw new IllegalStateException("planted by the test");
              }
            })) {
      schema = SCHEMA + 1;
      heartbeat.beat();
      schema = SCHEMA;
      assertThatThrownBy(heartbeat::beat).isInstanceOf(IllegalStateException.class);

      heartbeat.beat();
      heartbeat.beat();

      assertThat(told).containsExactly(true, false, false);
    }
  }
}
