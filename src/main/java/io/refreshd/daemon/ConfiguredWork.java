package io.refreshd.daemon;

import io.refreshd.alert.ChannelAlerter;
import io.refreshd.config.Config;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.RotationListener;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.SkewWatch;
import io.refreshd.schedule.RotationScheduler;
import io.refreshd.schedule.Sharing;
import io.refreshd.store.OpenStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything that hangs on one reading of the configuration, and is built anew with the next. */
final class ConfiguredWork {

  private final Config config;
  private final Fleet fleet;
  private final ChannelAlerter channels;
  private final Alerting alerting;
  private final RotationScheduler scheduler;
  private boolean retired;

  /**
   * Builds it all; nothing runs yet.
   *
   * @param skew outlives it, as does the next
   * @param toldInTheLog likewise
   */
  ConfiguredWork(
      Config config,
      OpenStore store,
      EntraTokenRedeemer redeemer,
      RotationListener listener,
      SkewWatch skew,
      ToldInTheLog toldInTheLog,
      Clock clock) {
    this.config = config;
    this.fleet = new Fleet(config.grants());
    this.channels = AlertChannels.of(config.alerts());
    this.alerting =
        new Alerting(
            new AlertRules(config.alerts().ladder(), config.alerts().silence()),
            new FleetSurvey(fleet, store, machine(store), skew),
            store.alerts(),
            toldInTheLog,
            channels,
            listener,
            Alerting.interval(config.grants()),
            clock);
    RotationListener everyone =
        (entry, kept) -> {
          listener.told(entry, kept);
          alerting.told(entry, kept);
        };
    RotationPolicy policy = Assembly.policy();
    this.scheduler =
        new RotationScheduler(
            config.grants(),
            store,
            new Rotator(store, redeemer, policy, everyone, skew, clock),
            policy,
            sharing(config, store),
            config.concurrency(),
            config.tenantConcurrency(),
            clock);
  }

  private static String machine(OpenStore store) {
    return store
        .cluster()
        .map(cluster -> cluster.node().substring(0, cluster.node().lastIndexOf('/')))
        .orElse("");
  }

  private static @Nullable Sharing sharing(Config config, OpenStore store) {
    // enough partitions at once to fill all that may be in flight, and some more
    int atOnce = Math.max(2, 2 * config.concurrency() / config.tenantConcurrency());
    return store
        .cluster()
        .map(cluster -> new Sharing(cluster.node(), cluster.connections(), atOnce))
        .orElse(null);
  }

  /** The grants that it is about. */
  Fleet fleet() {
    return fleet;
  }

  /** By which reading. */
  Config config() {
    return config;
  }

  /**
   * Starts all of it.
   *
   * @throws io.refreshd.rotation.StoreException if the store cannot be read just now; it runs all
   *     the same, and begins to rotate when the store is back
   */
  void start() {
    alerting.start();
    scheduler.start();
  }

  /**
   * Starts all of it in place of an earlier one, which is retired.
   *
   * @throws io.refreshd.rotation.StoreException as {@link #start}
   */
  void startAfter(ConfiguredWork before) {
    alerting.takeOver(before.alerting);
    start();
  }

  /** Leaves the rotating and the alerts to others, or no longer. */
  void standBack(boolean back) {
    try {
      scheduler.standBack(back);
    } finally {
      alerting.standBack(back);
    }
  }

  /** Begins nothing any more; rotations in flight end by themselves, and nobody is told. */
  void retire() {
    if (retired) {
      return;
    }
    retired = true;
    scheduler.close();
    try {
      alerting.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channels.close();
  }

  /**
   * Begins nothing any more and waits for rotations in flight.
   *
   * @return whether all of them ended in time
   */
  boolean stop(Duration limit) throws InterruptedException {
    return scheduler.stop(limit);
  }

  /** Whether nothing is in flight; once retired it stays so. */
  boolean isIdle() {
    return scheduler.isIdle();
  }

  /** What of it hangs, in words; empty if nothing does. */
  Optional<String> findHanging() {
    return scheduler.findHanging();
  }
}
