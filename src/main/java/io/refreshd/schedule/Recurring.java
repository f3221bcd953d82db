package io.refreshd.schedule;

import io.refreshd.rotation.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that is done again and again, whatever it throws: the JDK's executors would never call it
 * again, and say nothing.
 *
 * @param trouble what it means that it has failed, in words
 */
public record Recurring(String trouble, Runnable task) implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Recurring.class);

  @Override
  public void run() {
    try {
      task.run();
    } catch (StoreException e) {
      LOG.error("{}: {}", trouble, e.getMessage());
    } catch (RuntimeException | Error e) {
      tell(e);
    }
  }

  private void tell(Throwable thrown) {
    try {
      LOG.error("{}: {}", trouble, thrown.toString(), thrown);
    } catch (RuntimeException | Error e) {
      // without memory it cannot even be told; the next time may do better
    }
  }
}
