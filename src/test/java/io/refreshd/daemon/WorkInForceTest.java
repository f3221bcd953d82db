package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.config.Config;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.store.OpenStore;
import io.refreshd.store.TokenStores;
import io.refreshd.testing.LogRecorder;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkInForceTest {

  @TempDir Path folder;
  private final Clock clock = Clock.systemUTC();
  private final AtomicReference<Duration> standstill = new AtomicReference<>(Duration.ZERO);

  private final AtomicBoolean isBroken = new AtomicBoolean();

  /** One whose disk may hang, and that may break down over the grants. */
  private OpenStore troubled(OpenStore real) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().equals("records") && isBroken.get()) {
            throw new InternalError("planted by the test");
          }
          return method.getName().equals("standstill")
              ? standstill.get()
              : method.invoke(real, arguments);
        };
    Class<?>[] types = {OpenStore.class};
    return (OpenStore) Proxy.newProxyInstance(getClass().getClassLoader(), types, handler);
  }

  @Test
  void theServiceManagerIsToldOfNoLifeWhileTheStoresDiskHangsForMinutes() throws Exception {
    try (RunningDaemon files = new RunningDaemon(folder, "live")) {
      Config config = files.load();
      try (OpenStore store = TokenStores.openToWrite(Assembly.location(config), "run", 1, clock);
          EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock);
          WorkInForce work =
              new WorkInForce(config, troubled(store), redeemer, (entry, kept) -> {}, clock)) {
        work.start();
        standstill.set(Duration.ofSeconds(179));
        assertThat(work.findHanging()).isEmpty();

        standstill.set(Duration.ofMinutes(3));
        assertThat(work.findHanging())
            .contains("what is to be written to the store has waited for 3 min");
      }
    }
  }

  private static Stream<ConfigSource> failing() {
    return Stream.of(
        () -> {
          throw new InternalError("planted by the test");
        },
        () -> {
          throw new IllegalStateException("planted by the test");
        });
  }

  @ParameterizedTest
  @MethodSource("failing")
  void aReloadThatFailsForWhateverReasonIsToldUntilOneSucceeds(ConfigSource failing)
      throws Exception {
    try (RunningDaemon files = new RunningDaemon(folder, "live")) {
      Config config = files.load();
      try (OpenStore store = TokenStores.openToWrite(Assembly.location(config), "run", 1, clock);
          EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock);
          WorkInForce work = new WorkInForce(config, store, redeemer, (entry, kept) -> {}, clock)) {
        work.start();

        work.reload(failing);
        assertThat(work.status())
            .isEqualTo(
                "the configuration could not be loaded anew, the old one is in force; 1 grant");

        work.reload(files::load);
        assertThat(work.status()).isEqualTo("1 grant");
      }
    }
  }

  @Test
  void whatFailsOnceTheNewConfigurationIsInForceIsNotToldAsIfTheOldOneWere() throws Exception {
    try (LogRecorder log = new LogRecorder();
        RunningDaemon files = new RunningDaemon(folder, "live")) {
      Config config = files.load();
      try (OpenStore store = TokenStores.openToWrite(Assembly.location(config), "run", 1, clock);
          EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock);
          WorkInForce work =
              new WorkInForce(config, troubled(store), redeemer, (entry, kept) -> {}, clock)) {
        work.start();
        files.configure("live", "sandbox");
        isBroken.set(true);

        work.reload(files::load);

        isBroken.set(false);
        assertThat(work.fleet().grants()).hasSize(2);
        assertThat(work.status()).startsWith("2 grants");
        assertThat(log.lines())
            .anyMatch(
                line ->
                    line.startsWith("ERROR the new configuration is in force")
                        && line.contains("planted by the test"));
      }
    }
  }

  @Test
  void aSecondReloadDoesNotFindThreeFleetsInMemory() throws Exception {
    try (RunningDaemon files = new RunningDaemon(folder, "live")) {
      List<WeakReference<Config>> read = new ArrayList<>();
      List<Boolean> gone = new ArrayList<>();
      ConfigSource source =
          () -> {
            gone.add(read.size() < 2 || isGone(read.get(read.size() - 2)));
            Config next = files.load();
            read.add(new WeakReference<>(next));
            return next;
          };
      try (OpenStore store =
              TokenStores.openToWrite(Assembly.location(files.load()), "run", 1, clock);
          EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock);
          WorkInForce work =
              new WorkInForce(source.load(), store, redeemer, (entry, kept) -> {}, clock)) {
        work.start();

        work.reload(source);
        work.reload(source);

        assertThat(gone).as("what was replaced before is gone").containsExactly(true, true, true);
        work.forgetEnded();
        assertThat(isGone(read.get(1))).as("nor does one stay until the next reload").isTrue();
      }
    }
  }

  /** What ends on its own thread may have it in hand for a moment. */
  private static boolean isGone(WeakReference<?> reference) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (reference.get() != null && System.nanoTime() < end) {
      System.gc();
    }
    return reference.get() == null;
  }
}
