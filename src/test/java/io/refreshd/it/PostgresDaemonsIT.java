package io.refreshd.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.daemon.Assembly;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.State;
import io.refreshd.sandbox.Chain;
import io.refreshd.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons, as on two machines, share the work of one database, never on a grant at once. */
class PostgresDaemonsIT {

  private static final Duration ROTATE_EVERY = Duration.ofSeconds(2);
  private static final Duration LIFETIME = Duration.ofMinutes(10);

  @TempDir Path folder;

  private static void useDatabase(SandboxWorld world) throws IOException {
    String url = PostgresServer.newSchema().replace("user=postgres&", "");
    String yaml = Files.readString(world.config());
    Files.writeString(
        world.config(),
        yaml.replaceFirst(
            "store: .*",
            "store: {url: '" + url + "', username: postgres, key: 'file:refreshd.key'}"));
  }

  /** A daemon whose machine keeps its own files in a folder of that name. */
  private RefreshdProcess daemon(SandboxWorld world, String machine) {
    return world
        .startWith(Map.of("STATE_DIRECTORY", folder.resolve(machine).toString()), "run")
        .awaitOutput("ready:");
  }

  /** Whoever of the daemons does it: they share the work. */
  private static void awaitAllRotated(SandboxWorld world, RefreshdProcess alive) {
    List<Integer> before = redemptions(world);
    alive.await(
        () -> {
          List<Integer> now = redemptions(world);
          return IntStream.range(0, now.size()).allMatch(i -> now.get(i) > before.get(i) + 1);
        },
        () -> "a grant is left behind");
  }

  private static List<Integer> redemptions(SandboxWorld world) {
    return world.chains().stream().map(Chain::redemptions).toList();
  }

  @Test
  void eachGoesOnWhereTheOtherWasKilled() throws Exception {
    try (SandboxWorld world = new SandboxWorld(folder, 2, ROTATE_EVERY, LIFETIME)) {
      useDatabase(world);
      world.bringInAll(true);
      try (RefreshdProcess one = daemon(world, "a");
          RefreshdProcess two = daemon(world, "b")) {
        awaitAllRotated(world, two);
        one.kill();
        one.await();
        awaitAllRotated(world, two);
        try (RefreshdProcess again = daemon(world, "a")) {
          two.kill();
          two.await();
          awaitAllRotated(world, again);
          again.terminate();
          assertThat(again.await().exit()).isEqualTo(143);
        }
      }
      assertNothingIsLost(world);
    }
  }

  private static void assertNothingIsLost(SandboxWorld world) throws Exception {
    assertThat(world.chains()).allMatch(chain -> chain.mostConcurrent() == 1);
    Clock clock = Clock.systemUTC();
    try (Assembly assembly = Assembly.reading(world.load(), clock)) {
      List<GrantStatus> status = assembly.status(clock.instant());
      assertThat(status).hasSize(4).extracting(GrantStatus::state).containsOnly(State.HEALTHY);
      assertThat(status).allMatch(grant -> Objects.requireNonNull(grant.record()).generation() > 2);
      assertThat(assembly.verifyLog().faults()).isEmpty();
    }
  }
}
