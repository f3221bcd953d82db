package io.refreshd.testing;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alerter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Channels that deliver, fail or hang, as a test says. */
public final class ScriptedAlerter implements Alerter {

  /** What arrived, and through which channel. */
  public record Arrival(String channel, Alert alert) {}

  private final List<String> channels;
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
  private final CountDownLatch hangs = new CountDownLatch(1);

  public ScriptedAlerter(String... channels) {
    this.channels = List.of(channels);
  }

  /** From now on the channel fails. */
  public void fail(String channel, String why) {
    failures.put(channel, why);
  }

  /** From now on what goes through the channel arrives, and nobody says so in time. */
  public void silence(String channel) {
    silent.add(channel);
  }

  /** From now on the channel works. */
  public void mend(String channel) {
    failures.remove(channel);
    silent.remove(channel);
    CountDownLatch latch = hanging.remove(channel);
    if (latch != null) {
      latch.countDown();
    }
  }

  /** From now on the channel hangs, whether or not it is interrupted. */
  public void hang(String channel) {
    hanging.put(channel, new CountDownLatch(1));
  }

  /** Waits until a delivery hangs. */
  public void awaitHanging() throws InterruptedException {
    if (!hangs.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("no delivery hangs");
    }
  }

  /** The next that arrives. */
  public Arrival next() throws InterruptedException {
    Arrival next = arrivals.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing arrives");
    }
    return next;
  }

  /** What has arrived and was not asked for yet. */
  public List<Arrival> rest() {
    return List.copyOf(arrivals);
  }

  @Override
  public List<String> channels() {
    return channels;
  }

  @Override
  public void deliver(String channel, Alert alert) throws UndeliveredException {
    CountDownLatch latch = hanging.get(channel);
    if (latch != null) {
      hangs.countDown();
      awaitUninterruptibly(latch);
    }
    String why = failures.get(channel);
    if (why != null) {
      throw new UndeliveredException(why);
    }
    arrivals.add(new Arrival(channel, alert));
    if (silent.contains(channel)) {
      throw new UndeliveredException("no reply in time", true);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
