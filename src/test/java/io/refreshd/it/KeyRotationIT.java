package io.refreshd.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.sandbox.Chain;
import io.refreshd.sandbox.SandboxCast;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** New sealing keys beside a daemon that rotates meanwhile: two at once, and one that is killed. */
@Timeout(240)
class KeyRotationIT {

  @TempDir private Path folder;

  private String keyFile() {
    try {
      return Files.readString(folder.resolve("refreshd.key"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode keys() {
    return new ObjectMapper().readTree(keyFile()).get("key");
  }

  @Test
  void theDaemonGoesOnAndOneKeyIsLeft() throws Exception {
    try (SandboxWorld world =
        new SandboxWorld(folder, 1, Duration.ofSeconds(1), Duration.ofMinutes(10))) {
      world.bringInAll(true);
      long before = keys().get(0).get("keyId").asLong();
      try (RefreshdProcess daemon = world.daemon()) {
        awaitRotations(world, daemon);
        List<RefreshdProcess> both =
            List.of(world.start("key", "rotate"), world.start("key", "rotate"));
        assertThat(both.stream().map(RefreshdProcess::await))
            .anyMatch(result -> result.exit() == 0)
            .allMatch(
                result ->
                    result.exit() == 0
                        || result.err().contains("another process changes the sealing key"));
        awaitRotations(world, daemon);
        String known = keyFile();
        try (RefreshdProcess killed = world.start("key", "rotate")) {
          killed.await(() -> !keyFile().equals(known), () -> "no new key was made");
          killed.kill();
        }
        awaitRotations(world, daemon);
        RefreshdProcess.Result last = world.run("key", "rotate");
        assertThat(last.exit()).as(last.err()).isZero();
        assertThat(keys()).hasSize(1);
        assertThat(keys().get(0).get("keyId").asLong()).isNotEqualTo(before);
        awaitRotations(world, daemon);
        daemon.terminate();
        assertThat(daemon.await().out()).doesNotContain("error:");
      }
      for (SandboxCast.Member member : world.cast.members()) {
        assertThat(world.run("reveal", member.grant(), "--yes").out().strip())
            .as("the one before where the stop came between answer and commit")
            .isIn(world.cast.chain(member).newest(), world.cast.chain(member).previous());
      }
      assertThat(world.log("--failed")).isEmpty();
      assertThat(world.run("log", "verify").exit()).isZero();
    }
  }

  private static void awaitRotations(SandboxWorld world, RefreshdProcess daemon) {
    List<Integer> before = world.chains().stream().map(Chain::redemptions).toList();
    daemon.await(
        () ->
            java.util.stream.IntStream.range(0, before.size())
                .allMatch(i -> world.chains().get(i).redemptions() > before.get(i)),
        () -> "the daemon does not rotate");
  }
}
