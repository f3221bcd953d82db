package io.refreshd.crash;

import io.refreshd.config.Config;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.RotationListener;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.TokenRedeemer;
import io.refreshd.rotation.TokenStore;
import io.refreshd.schedule.QuartzCron;
import io.refreshd.schedule.RotationScheduler;
import io.refreshd.store.OpenStore;
import io.refreshd.store.RunLock;
import io.refreshd.store.SqliteLocation;
import io.refreshd.store.TokenStores;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * A process of the daemon's own parts, put together in the daemon's order, with failpoints around
 * its ports: {@code CONFIG STEP NTH}. It waits for a byte on its standard input between its
 * recovery and its first rotation, so that it can be looked at, and ends when that input does.
 */
final class CrashingDaemon {

  private CrashingDaemon() {}

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    Failpoint failpoint = new Failpoint(Step.valueOf(args[1]), Integer.parseInt(args[2]));
    Clock clock = Clock.systemUTC();
    Config config =
        Assembly.loader(Map.of(), file.toAbsolutePath().resolveSibling(""), clock)
            .load(file, References.RESOLVE);
    Failpoint.say("opening");
    try (RunLock lock = RunLock.acquire(new SqliteLocation(config.store().base(), config.key()));
        OpenStore store =
            TokenStores.openToWrite(
                new SqliteLocation(config.store().base(), config.key()),
                "run",
                config.concurrency(),
                clock);
        EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock)) {
      store.endLeasesOf("run");
      Failpoint.say("ready");
      if (System.in.read() >= 0) {
        TokenStore failing = FailingStore.around(store, failpoint);
        RotationListener told =
            (entry, kept) -> failpoint.reach(Step.WHILE_TELLING, String.valueOf(entry.grant()));
        rotate(config, failing, around(redeemer, failpoint), told, clock);
      }
    }
  }

  private static TokenRedeemer around(TokenRedeemer redeemer, Failpoint failpoint) {
    return (grant, token) -> {
      failpoint.reach(Step.BEFORE_REQUEST, grant.name());
      failpoint.reach(Step.IN_EXCHANGE, grant.name());
      Redemption redemption = redeemer.redeem(grant, token);
      failpoint.reach(Step.AFTER_ANSWER, grant.name());
      return redemption;
    };
  }

  private static void rotate(
      Config config, TokenStore store, TokenRedeemer redeemer, RotationListener told, Clock clock)
      throws Exception {
    RotationPolicy policy = new RotationPolicy(new QuartzCron());
    try (RotationScheduler scheduler =
        new RotationScheduler(
            config.grants(),
            store,
            new Rotator(store, redeemer, policy, told, clock),
            policy,
            null,
            config.concurrency(),
            config.tenantConcurrency(),
            clock)) {
      scheduler.start();
      while (System.in.read() >= 0) {
        // until whoever started this lets go
      }
      scheduler.stop(TokenRedeemer.EXCHANGE_LIMIT);
    }
  }
}
