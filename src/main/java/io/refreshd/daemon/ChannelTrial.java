package io.refreshd.daemon;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alerter;
import io.refreshd.rotation.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends a test through channels, past the outbox: it arrives now, or it is said why not. */
public final class ChannelTrial {

  /**
   * How the test of one channel ended.
   *
   * @param failure why it did not arrive; {@code null} if it did
   * @param took how long that took
   */
  public record Result(String channel, @Nullable String failure, Duration took) {}

  private final Alerter alerter;
  private final Clock clock;

  public ChannelTrial(Alerter alerter, Clock clock) {
    this.alerter = alerter;
    this.clock = clock;
  }

  /** Tries the channels one after the other; each result as it comes. */
  public void run(List<String> channels, Consumer<Result> results) {
    channels.forEach(channel -> results.accept(run(channel)));
  }

  private Result run(String channel) {
    long start = System.nanoTime();
    String failure = null;
    try {
      alerter.deliver(channel, test());
    } catch (Alerter.UndeliveredException e) {
      failure = String.valueOf(e.getMessage());
    }
    return new Result(channel, failure, Duration.ofNanos(System.nanoTime() - start));
  }

  private Alert test() {
    return new Alert(
        "test",
        Alert.Change.TEST,
        Level.OK,
        clock.instant(),
        "refreshd: a test of this channel",
        List.of(
            new Alert.Concern("refreshd", "somebody ran `refreshd alert test`", null, null, null)));
  }
}
