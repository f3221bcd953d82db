package io.refreshd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refreshd.sandbox.Chain;
import io.refreshd.sandbox.SandboxCast;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the memory of the packaged daemon holds of the tokens that went through it, once it is idle,
 * and what a crash leaves of it. The counts are explained in {@code docs/reliability.md}.
 */
@Timeout(300)
class SecretsInMemoryIT {

  private static final String PLANTED = "planted-" + "0123456789abcdef".repeat(75);

  @TempDir private Path folder;

  private final Set<String> tokens = new HashSet<>();

  @Test
  void anIdleDaemonHasNoTokenInItsHeapAndLittleOfThemInItsMemory() throws Exception {
    try (SandboxWorld world =
            new SandboxWorld(folder, 12, Duration.ofSeconds(1), Duration.ofDays(90));
        RefreshdProcess daemon = rotated(world, "0", serviceFlags(folder))) {
      makeIdle(world, daemon);
      Set<String> secrets =
          world.cast.markets().stream().map(SandboxCast.Market::secret).collect(Collectors.toSet());
      SecretSearch search = new SecretSearch(tokens);
      Path heap = folder.resolve("heap.hprof");
      // the last connections rest for some seconds, and their buffers with them
      daemon.await(() -> dump(daemon, heap, search).isEmpty(), () -> "tokens stay in the heap");

      assertThat(new SecretSearch(Set.of(PLANTED)).in(heap)).as("a planted one").isNotEmpty();
      assertThat(new SecretSearch(secrets).in(heap)).as("client secrets").hasSameSizeAs(secrets);
      Files.delete(heap);
      ProcessMemory memory = new ProcessMemory(daemon.pid());
      assumeTrue(memory.isReadable(), "the kernel does not let this user read /proc/PID/mem");
      ProcessMemory.Look look = memory.look(search);
      System.out.printf(
          "%d tokens: none in the live heap, %d copies of %d in %,d bytes of memory%n",
          tokens.size(), look.copies(), look.found().size(), look.bytes());
      assertThat(memory.look(new SecretSearch(Set.of(PLANTED))).found()).isNotEmpty();
      // memory that was freed and not used again: how much hangs on when the collector ran
      assertThat(look.copies())
          .as("a few for each token that ever was: its form, its answer, its sealing")
          .isLessThan(4 * tokens.size());
    }
  }

  @Test
  void whatACrashLeavesHoldsNoToken() throws Exception {
    for (String signal : List.of("ABRT", "SEGV")) {
      Path place = Files.createDirectory(folder.resolve(signal));
      tokens.clear();
      try (SandboxWorld world =
              new SandboxWorld(place, 1, Duration.ofSeconds(1), Duration.ofDays(90));
          RefreshdProcess daemon = rotated(world, "unlimited", serviceFlags(place))) {
        Path filter = Path.of("/proc", Long.toString(daemon.pid()), "coredump_filter");
        assertThat(Files.readString(filter)).isEqualToIgnoringWhitespace("00000000");
        daemon.signal(signal);
        daemon.await();
        collect(world);
        assertThat(findings(world))
            .as("after SIG%s, with no limit on core dumps", signal)
            .isEmpty();
        if (signal.equals("SEGV")) {
          assertThat(world.files().keySet())
              .as("the JVM tells of it, beside the key")
              .anyMatch(file -> file.getFileName().toString().startsWith("hs_err_"));
        }
      }
    }
  }

  @Test
  void theUnitAllowsNoCoreDump() throws Exception {
    assertThat(UnitFile.lines()).contains("LimitCORE=0");
    assertThat(UnitFile.lines()).contains("ExecStart=/usr/lib/refreshd/refreshd run");
    assertThat(serviceFlags(folder)).contains("-XX:-CreateCoredumpOnCrash");
  }

  /** What the launcher gives the JVM of a service that keeps its things in that folder. */
  private static List<String> serviceFlags(Path place) throws Exception {
    Launcher.assumeShell();
    Path scratch = Files.createTempDirectory(place, "launcher");
    return Launcher.flags(scratch, Map.of("STATE_DIRECTORY", place.toString()), "run");
  }

  /** A daemon that has rotated each grant a few times. */
  private RefreshdProcess rotated(SandboxWorld world, String coreLimit, List<String> flags)
      throws Exception {
    world.bringInAll(true);
    RefreshdProcess daemon =
        world
            .startWith(coreLimit, flags, Map.of("REFRESHD_TEST_PLANTED", PLANTED), "run")
            .awaitOutput("ready:");
    awaitRotations(world, daemon, 4);
    return daemon;
  }

  private void awaitRotations(SandboxWorld world, RefreshdProcess daemon, int redemptions) {
    daemon.await(
        () -> {
          collect(world);
          return world.chains().stream().allMatch(chain -> chain.redemptions() >= redemptions);
        },
        () -> "not all were rotated");
    assertThat(tokens).hasSizeGreaterThan(2 * world.chains().size());
  }

  /** From now on a rotation is due every seven days. */
  private void makeIdle(SandboxWorld world, RefreshdProcess daemon) throws Exception {
    String yaml = Files.readString(world.config());
    Files.writeString(world.config(), yaml.replace("rotate-every: 1s", "rotate-every: 7d"));
    daemon.hangUp();
    daemon.awaitOutput("reloaded:");
    List<Integer> counts = new ArrayList<>();
    daemon.await(
        () -> {
          collect(world);
          List<Integer> now = world.chains().stream().map(Chain::requests).toList();
          boolean isQuiet = world.areAllDueLaterThan(Duration.ofHours(1)) && now.equals(counts);
          counts.clear();
          counts.addAll(now);
          return isQuiet;
        },
        () -> "it does not come to rest");
  }

  private void collect(SandboxWorld world) {
    world.cast.members().forEach(member -> tokens.add(member.refreshToken()));
    for (Chain chain : world.chains()) {
      tokens.add(chain.newest());
      String previous = chain.previous();
      if (previous != null) {
        tokens.add(previous);
      }
    }
  }

  private static Map<String, Integer> dump(RefreshdProcess daemon, Path heap, SecretSearch search) {
    try {
      Files.deleteIfExists(heap);
      new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
              Long.toString(daemon.pid()),
              "GC.heap_dump",
              heap.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
      return search.in(heap);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The files that hold a token or the planted one. */
  private List<String> findings(SandboxWorld world) throws IOException {
    Set<String> all = new HashSet<>(tokens);
    all.add(PLANTED);
    SecretSearch search = new SecretSearch(all);
    List<String> found = new ArrayList<>();
    for (Path file : world.files().keySet()) {
      if (!search.in(file).isEmpty()) {
        found.add(file.getFileName().toString());
      }
    }
    return found;
  }
}
