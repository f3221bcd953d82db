package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.config.Config;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.store.OpenStore;
import io.refreshd.store.TokenStores;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkInForceTest {

  @TempDir Path folder;
  private final Clock clock = Clock.systemUTC();
  private final AtomicReference<Duration> standstill = new AtomicReference<>(Duration.ZERO);

  /** One whose disk may hang. */
  private OpenStore hanging(OpenStore real) {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            method.getName().equals("standstill")
                ? standstill.get()
                : method.invoke(real, arguments);
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
              new WorkInForce(config, hanging(store), redeemer, (entry, kept) -> {}, clock)) {
        work.start();
        standstill.set(Duration.ofSeconds(179));
        assertThat(work.findHanging()).isEmpty();

        standstill.set(Duration.ofMinutes(3));
        assertThat(work.findHanging())
            .contains("what is to be written to the store has waited for 3 min");
      }
    }
  }
}
