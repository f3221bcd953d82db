package io.refreshd.alert;

import io.refreshd.rotation.Alerter.UndeliveredException;

/** One try to deliver one alert, so that others can end it. */
interface Delivery {

  /** Where it goes to, for messages; holds no secret. */
  String target();

  /** Waits for as long as it takes. */
  void run() throws UndeliveredException;

  /**
   * Whether it went out, and nobody has said what became of it. From any thread; at first it did
   * not.
   */
  boolean mayHaveArrived();

  /**
   * Ends it at once, from any thread, whatever it waits for; also before it began and after it
   * ended.
   */
  void abort();
}
