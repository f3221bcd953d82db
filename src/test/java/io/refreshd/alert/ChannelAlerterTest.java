package io.refreshd.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alerter.UndeliveredException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which channel an alert goes through. */
class ChannelAlerterTest {

  private static final class RememberingChannel implements Channel {
    private final String name;
    private final List<Alert> delivered = new ArrayList<>();
    private boolean closed;

    RememberingChannel(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void deliver(Alert alert) {
      delivered.add(alert);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final RememberingChannel ops = new RememberingChannel("ops");
  private final RememberingChannel mail = new RememberingChannel("mail");

  @Test
  void anAlertGoesThroughTheNamedChannelOnly() throws UndeliveredException {
    try (ChannelAlerter alerter = new ChannelAlerter(List.of(ops, mail))) {
      alerter.deliver("mail", Alerts.secret());
    }

    assertThat(mail.delivered).containsExactly(Alerts.secret());
    assertThat(ops.delivered).isEmpty();
  }

  @Test
  void theChannelsAreNamedInTheirOrder() {
    try (ChannelAlerter alerter = new ChannelAlerter(List.of(ops, mail))) {
      assertThat(alerter.channels()).containsExactly("ops", "mail");
    }
  }

  @Test
  void aChannelThatIsNoLongerConfiguredIsUndelivered() {
    try (ChannelAlerter alerter = new ChannelAlerter(List.of(ops))) {
      assertThatThrownBy(() -> alerter.deliver("mail", Alerts.secret()))
          .isInstanceOf(UndeliveredException.class)
          .hasMessage("the configuration has no channel of this name any more");
    }
  }

  @Test
  void twoChannelsOfOneNameAreRefused() {
    assertThatThrownBy(() -> new ChannelAlerter(List.of(ops, new RememberingChannel("ops"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ops: two channels have this name");
  }

  @Test
  void closingItClosesTheChannels() {
    new ChannelAlerter(List.of(ops, mail)).close();

    assertThat(List.of(ops.closed, mail.closed)).containsExactly(true, true);
  }
}
