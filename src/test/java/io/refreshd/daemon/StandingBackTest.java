package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Finding;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.Node;
import io.refreshd.store.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who of several daemons rotates, and what people are told of the others. */
class StandingBackTest {

  private static final int SCHEMA = 4;
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  private static Node node(String name, int schema, double secondsAhead, int silentFor) {
    return new Node(
        name,
        "1.5",
        schema,
        Duration.ofMillis((long) (secondsAhead * 1_000)),
        NOW,
        NOW,
        Duration.ofSeconds(silentFor));
  }

  private static Node right(String name) {
    return node(name, SCHEMA, 0.1, 1);
  }

  private static Cluster.Beat beat(int schema, Node self, Node... others) {
    List<Node> nodes = new ArrayList<>(List.of(others));
    nodes.add(self);
    return new Cluster.Beat(self, nodes, schema, SCHEMA);
  }

  @Test
  void whoseClockIsRightRotates() {
    assertThat(StandingBack.reason(beat(SCHEMA, right("a/1")))).isNull();
    assertThat(StandingBack.reason(beat(SCHEMA, node("a/1", SCHEMA, 4.9, 1), right("b/2"))))
        .as("up to 5 s are tolerated")
        .isNull();
  }

  @Test
  void whoseClockIsOffLeavesItToThoseWhoseClockIsRight() {
    Node off = node("a/1", SCHEMA, -7.3, 1);

    assertThat(StandingBack.reason(beat(SCHEMA, off, right("b/2"))))
        .isEqualTo(
            "the clock of a/1 is 7.3 s behind the database's (up to 5 s are tolerated); set it by"
                + " NTP, or the database's if that is the wrong one; it rotates nothing until that"
                + " is mended, others do");
  }

  @Test
  void whoseClockIsOffRotatesWhereNobodyElseWould() {
    Node off = node("a/1", SCHEMA, 7.3, 1);

    assertThat(StandingBack.reason(beat(SCHEMA, off))).as("it is alone").isNull();
    assertThat(StandingBack.reason(beat(SCHEMA, off, node("b/2", SCHEMA, 0, 15))))
        .as("the other one is dead")
        .isNull();
    assertThat(StandingBack.reason(beat(SCHEMA, off, node("b/2", SCHEMA, 7.2, 1))))
        .as("it is the database's clock that is wrong")
        .isNull();
    assertThat(StandingBack.reason(beat(SCHEMA + 1, off, right("b/2"))))
        .as("the other one is too old as well")
        .contains("upgrade it");
  }

  @Test
  void anOlderProgramRotatesNothingOnceANewerOneHasChangedTheStore() {
    assertThat(StandingBack.reason(beat(SCHEMA + 1, right("a/1"))))
        .isEqualTo(
            "a newer refreshd has brought the store to schema 5, and this one knows 4: it rotates"
                + " nothing any more; upgrade it");
  }

  @Test
  void theDoctorNamesWhoLivesAndWhatIsWrongWithThem() {
    assertThat(NodesCheck.of(List.of(node("a/1", SCHEMA, 0, 20))))
        .extracting(Finding::level)
        .containsExactly(Level.WARNING);
    assertThat(
            NodesCheck.of(
                List.of(
                    right("a/1"),
                    node("b/2", SCHEMA, 2.5, 1),
                    node("c/3", SCHEMA - 1, 0, 1),
                    node("d/4", SCHEMA, 9, 60))))
        .extracting(Finding::what)
        .satisfiesExactly(
            what -> assertThat(what).isEqualTo("3 on this store: a/1, b/2, c/3"),
            what -> assertThat(what).startsWith("the clock of b/2 is 2.5 s ahead of"),
            what -> assertThat(what).startsWith("c/3 is an older refreshd (1.5)"));
  }
}
