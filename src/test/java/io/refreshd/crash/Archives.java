package io.refreshd.crash;

import io.refreshd.grant.RefreshTokens;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Daemons that live and are not killed: they leave their classes behind as the JVM maps them, and
 * those that come after them start faster.
 */
final class Archives {

  private final Fleet fleet;

  private Archives(Fleet fleet) {
    this.fleet = fleet;
  }

  /**
   * Makes them for all fleets whose folders are beside this one.
   *
   * @param packaged whether also of the packaged daemon, which pays from some kills on
   */
  static void make(Path folder, Path jar, boolean packaged) throws Exception {
    try (SandboxServer server = new SandboxServer(RefreshTokens.REUSABLE)) {
      Archives archives = new Archives(new Fleet(folder, server));
      archives.ofParts(jar);
      if (packaged) {
        archives.ofPackaged(jar);
      }
    }
  }

  private void ofParts(Path jar) throws Exception {
    try (Victim victim = Victim.first(jar, fleet.config())) {
      victim.await("ready");
      victim.go();
      awaitRotations(fleet, victim);
      victim.letGo();
    }
  }

  private void ofPackaged(Path jar) throws Exception {
    try (Victim victim = Victim.firstPackaged(jar, fleet.config())) {
      victim.await("ready:");
      victim.stop();
    }
  }

  /** Waits until every grant was rotated since the last look. */
  static void awaitRotations(Fleet fleet, Victim victim) throws Exception {
    long end = System.nanoTime() + Victim.PATIENCE.toNanos();
    while (!fleet.allRotated()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("a grant is not rotated any more:\n" + victim.said());
      }
      TimeUnit.MILLISECONDS.sleep(50); // two other processes are waited for
    }
  }
}
