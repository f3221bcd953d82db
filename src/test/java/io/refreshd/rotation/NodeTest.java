package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeTest {

  private static Node node(Duration skew, Duration silence) {
    return new Node(
        "web1/3fa9c2d1", "0.1.0", 5, skew, MutableClock.START, MutableClock.START, silence);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, true",
    "PT14.999S, true",
    "PT15S, false",
    "PT1H, false",
    "PT-14S, true",
    "PT-1H, false"
  })
  void whoMissesSeveralBeatsIsTakenForDead(Duration silence, boolean alive) {
    assertThat(node(Duration.ZERO, silence).isAlive()).isEqualTo(alive);
  }

  /** Whichever way the clock is off. */
  @ParameterizedTest
  @CsvSource({
    "PT0S, false, false",
    "PT1.999S, false, false",
    "PT-1.999S, false, false",
    "PT2S, true, false",
    "PT-2S, true, false",
    "PT5S, true, false",
    "PT-5S, true, false",
    "PT5.001S, true, true",
    "PT-5.001S, true, true"
  })
  void aClockThatIsOffIsToldOfBeforeItIsNotTolerated(Duration skew, boolean told, boolean off) {
    Node node = node(skew, Duration.ZERO);

    assertThat(node.isNoticeablyOff()).isEqualTo(told);
    assertThat(node.isOff()).isEqualTo(off);
  }
}
