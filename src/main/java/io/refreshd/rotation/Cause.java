package io.refreshd.rotation;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One reason for people to be told something, as a look found it, with all whom it reaches.
 *
 * @param topic what it is about
 * @param about which one of that topic: a circuit's key, a code, a host; empty if there is but one
 * @param effects one for each grant or client; at least one
 */
public record Cause(Topic topic, String about, List<Effect> effects) {

  public Cause {
    effects = List.copyOf(effects);
    if (effects.isEmpty()) {
      throw new IllegalArgumentException(topic.word() + ": a cause that reaches nobody");
    }
  }

  /** Its stable name: {@code circuit/credential:4f…}. */
  public String name() {
    return topic.cause(about);
  }

  /**
   * How a cause reaches one grant or client.
   *
   * @param subject the grant's name, or the client's
   * @param level how urgent it is
   * @param rung how far down the ladder, 0 for not yet on it
   * @param until when it will be too late; {@code null} if that is not known
   * @param covered whether another cause tells of the same subject more to the point: then this one
   *     is not told, but it is not over either
   * @param concern the words, made only if they are told
   */
  public record Effect(
      String subject,
      Level level,
      int rung,
      @Nullable Instant until,
      boolean covered,
      Supplier<Alert.Concern> concern) {}
}
