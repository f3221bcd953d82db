package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alerter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Delivers through the channels of the configuration. */
public final class ChannelAlerter implements Alerter, AutoCloseable {

  private final Map<String, Channel> channels = new LinkedHashMap<>();

  /**
   * Takes the channels over, and closes them when it is closed.
   *
   * @throws IllegalArgumentException if two have the same name
   */
  public ChannelAlerter(List<Channel> channels) {
    for (Channel channel : channels) {
      if (this.channels.put(channel.name(), channel) != null) {
        throw new IllegalArgumentException(channel.name() + ": two channels have this name");
      }
    }
  }

  @Override
  public List<String> channels() {
    return List.copyOf(channels.keySet());
  }

  @Override
  public void deliver(String channel, Alert alert) throws UndeliveredException {
    Channel named = channels.get(channel);
    if (named == null) {
      throw new UndeliveredException("the configuration has no channel of this name any more");
    }
    named.deliver(alert);
  }

  @Override
  public void close() {
    channels.values().forEach(Channel::close);
  }
}
