package io.refreshd.daemon;

/** Where the service manager listens for how its service is: sd_notify(3). */
@FunctionalInterface
interface NotifySocket {

  /**
   * Sends one message; waits until it is taken, and no longer than that takes within reason. A
   * message that does not arrive is a pity and no more.
   *
   * @param assignments such as {@code READY=1}; none holds a secret
   */
  void send(String... assignments);
}
