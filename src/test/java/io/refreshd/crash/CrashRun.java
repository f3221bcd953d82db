package io.refreshd.crash;

import io.refreshd.grant.GrantName;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One fleet on one server, whose daemon is killed, restarted, checked and killed again. */
final class CrashRun {

  /** From the start of a recovery to its end, and a little more. */
  private static final int RECOVERY_MILLIS = 300;

  /** More than are in flight at once, and fewer than all: not every grant comes in time. */
  private static final int NTH = 6;

  private final TokenServer server;
  private final Fleet fleet;
  private final Sabotage sabotage;
  private final Path jar;
  private final Journal journal;
  private final Random random;
  private final Map<Step, Tally> tallies = new EnumMap<>(Step.class);
  private Kill last = new Kill(Step.NEVER, null);

  /**
   * The kill that was not looked at yet.
   *
   * @param named the grant that it happened to; {@code null} if nobody knows
   */
  private record Kill(Step step, @Nullable GrantName named) {}

  CrashRun(TokenServer server, Path folder, Path jar, Journal journal, Random random)
      throws Exception {
    this.server = server;
    this.fleet = new Fleet(folder, server);
    this.sabotage = new Sabotage(fleet.location().file());
    this.jar = jar;
    this.journal = journal;
    this.random = random;
  }

  /** Kills the daemon once at the step. The cost is counted when it has been started again. */
  void kill(Step step) throws Exception {
    switch (step) {
      case ANY_TIME -> killPackaged();
      case IN_RECOVERY -> {
        GrantName named = killAt(Step.AFTER_SPOOLING);
        killInRecovery(named);
      }
      default -> last = new Kill(step, killAt(step));
    }
    tally(step).kill();
    note("killed " + step.words);
  }

  private void note(String words) throws Exception {
    journal.note(server.name() + ", " + server.refreshTokens() + ": " + words);
  }

  private Tally tally(Step step) {
    return tallies.computeIfAbsent(step, of -> new Tally(of, server));
  }

  private void lookBack() throws Exception {
    Tally tally = tally(last.step());
    int known = tally.faults().size();
    fleet.mend(fleet.check(last.step(), last.named(), tally));
    for (String fault : tally.faults().subList(known, tally.faults().size())) {
      note(fault);
    }
    last = new Kill(Step.NEVER, null);
  }

  private GrantName killAt(Step step) throws Exception {
    try (Victim victim = Victim.at(step, 1 + random.nextInt(NTH), jar, fleet.config())) {
      victim.await("ready");
      lookBack();
      switch (step.setting) {
        case REFUSING_SERVER -> server.refuse(true);
        case BROKEN_STORE -> sabotage.breakCommits();
        case CALM -> {}
      }
      victim.go();
      String named = victim.await("reached");
      if (!step.isHeld()) {
        TimeUnit.MICROSECONDS.sleep(random.nextInt(20_000));
      }
      victim.kill();
      GrantName grant = GrantName.parse(named);
      if (step == Step.IN_SPOOLING) {
        sabotage.tearSpool(grant);
      }
      return grant;
    } finally {
      server.refuse(false);
      sabotage.mendCommits();
    }
  }

  private void killInRecovery(GrantName named) throws Exception {
    try (Victim victim = Victim.at(Step.NEVER, 1, jar, fleet.config())) {
      victim.await("opening");
      TimeUnit.MILLISECONDS.sleep(random.nextInt(RECOVERY_MILLIS));
      victim.kill();
    }
    last = new Kill(Step.IN_RECOVERY, named);
  }

  /**
   * The daemon as it is shipped cannot be held between its recovery and its first rotation: the
   * test recovers before it and looks.
   */
  private void killPackaged() throws Exception {
    fleet.recover();
    lookBack();
    try (Victim victim = Victim.packaged(jar, fleet.config())) {
      long began = System.nanoTime();
      victim.await("ready:");
      // a machine that is slow to start it is slow to rotate
      TimeUnit.NANOSECONDS.sleep((long) (2 * random.nextDouble() * (System.nanoTime() - began)));
      victim.kill();
    }
    last = new Kill(Step.ANY_TIME, null);
  }

  /** Starts it a last time: every grant must be rotated, and the log be whole. */
  List<Tally> end() throws Exception {
    try (Victim victim = Victim.at(Step.NEVER, 1, jar, fleet.config())) {
      victim.await("ready");
      lookBack();
      victim.go();
      Archives.awaitRotations(fleet, victim);
      victim.letGo();
    }
    fleet
        .check(Step.NEVER, null, tally(Step.NEVER))
        .forEach(grant -> tally(Step.NEVER).loss(grant.name() + " though nothing was killed"));
    return List.copyOf(tallies.values());
  }
}
