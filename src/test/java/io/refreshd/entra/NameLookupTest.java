package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names that nobody looks up in time. */
@Timeout(120)
class NameLookupTest {

  private static final String HOST = "login.test";

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void end() {
    over.countDown();
  }

  @Test
  void theResolversAnswerIsTaken() throws Exception {
    InetAddress[] addresses = {InetAddress.getLoopbackAddress()};
    try (NameLookup names = new NameLookup(Duration.ofMinutes(1), host -> addresses)) {
      assertThat(names.resolve(HOST)).isEqualTo(addresses);
    }
  }

  @Test
  void aNameThatIsUnknownIsUnknown() {
    NameLookup.Resolver knowsNothing =
        host -> {
          throw new UnknownHostException(host);
        };
    try (NameLookup names = new NameLookup(Duration.ofMinutes(1), knowsNothing)) {
      assertThatThrownBy(() -> names.resolve(HOST)).isInstanceOf(UnknownHostException.class);
    }
  }

  @Test
  void aResolverThatHangsIsLeftAtTheLimit() {
    try (NameLookup names = new NameLookup(Duration.ofMillis(20), this::hang)) {
      assertThatThrownBy(() -> names.resolve(HOST)).isInstanceOf(UnknownHostException.class);
    }
  }

  /** The daemon stops within seconds, whatever the resolver does. */
  @Test
  void whoWaitsForAResolverThatHangsIsFreedWhenItIsGivenUp() throws Exception {
    try (NameLookup names = new NameLookup(Duration.ofDays(1), this::hang)) {
      CompletableFuture<Throwable> end =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  throw new AssertionError(names.resolve(HOST)[0].toString());
                } catch (UnknownHostException e) {
                  return e;
                }
              });
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

      while (!end.isDone()) {
        names.giveUpAll(); // the look-up is known to have begun, but not that somebody waits
        Thread.sleep(5);
      }

      assertThat(end.get()).isInstanceOf(UnknownHostException.class);
    }
  }

  /** Deaf to interrupts, as the system's resolver is. */
  private InetAddress[] hang(String host) {
    asked.countDown();
    while (over.getCount() > 0) {
      try {
        over.await();
      } catch (InterruptedException e) {
        // deaf
      }
    }
    return new InetAddress[0];
  }
}
