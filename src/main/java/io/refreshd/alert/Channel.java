package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alerter.UndeliveredException;

/** One way to people. */
public interface Channel extends AutoCloseable {

  /** The name that it has in the configuration. */
  String name();

  /**
   * Delivers an alert once, within the channel's own time limit.
   *
   * @throws UndeliveredException if it did not arrive, as far as one can tell; says why, without a
   *     secret and without the channel's name
   */
  void deliver(Alert alert) throws UndeliveredException;

  /** Ends the deliveries under way at once; they count as undelivered. */
  @Override
  void close();
}
