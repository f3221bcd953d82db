package io.refreshd.rotation;

import java.util.List;

/** The port to the people who are to be told. */
public interface Alerter {

  /** The names of the channels, in the order of the configuration; empty if there are none. */
  List<String> channels();

  /**
   * Delivers an alert through one channel, once, with no retry of its own. Ends within the time
   * limit of the channel.
   *
   * @throws UndeliveredException if it did not arrive, as far as one can tell
   */
  void deliver(String channel, Alert alert) throws UndeliveredException;

  /** Says why an alert did not arrive: for a person, without a secret. */
  final class UndeliveredException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean mayHaveArrived;

    /** It is sure that it did not arrive. */
    public UndeliveredException(String why) {
      this(why, false);
    }

    /**
     * @param mayHaveArrived whether it went out, and nobody said what became of it
     */
    public UndeliveredException(String why, boolean mayHaveArrived) {
      super(why);
      this.mayHaveArrived = mayHaveArrived;
    }

    /** Whether people may know of it all the same: then they are to be told when it is over. */
    public boolean mayHaveArrived() {
      return mayHaveArrived;
    }
  }
}
