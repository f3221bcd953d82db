package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Outcome;
import org.junit.jupiter.api.Test;

class PatienceTest {

  private static final GrantName GRANT = new GrantName("germany", "live");

  private final Patience patience = new Patience();

  @Test
  void whoIsStoppedWhileAnotherRotatesIsNotToldThatThatOneDoesNotEnd() throws InterruptedException {
    Outcome outcome =
        patience.untilFree(
            () -> {
              patience.end();
              return new Outcome.Busy(GRANT);
            });

    assertThat(outcome)
        .isEqualTo(new Outcome.Skipped(GRANT, "stopped while another process was rotating it"));
  }
}
