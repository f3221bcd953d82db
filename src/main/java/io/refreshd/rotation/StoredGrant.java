package io.refreshd.rotation;

import io.refreshd.grant.Generation;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A grant with its tokens, as read under a lease. */
public final class StoredGrant {

  private final GrantRecord record;
  private final Generation current;
  private final Supplier<@Nullable Generation> previous;

  /**
   * @param record what the store knows beside the tokens
   * @param current the one current generation
   * @param previous reads the one before it; it is hardly ever needed, so only when asked for
   */
  public StoredGrant(
      GrantRecord record, Generation current, Supplier<@Nullable Generation> previous) {
    this.record = record;
    this.current = current;
    this.previous = previous;
  }

  public GrantRecord record() {
    return record;
  }

  public Generation current() {
    return current;
  }

  /**
   * The generation that was presented to get the current one; {@code null} if there is none, or it
   * cannot be read, which keeps nobody from the current one.
   */
  public @Nullable Generation previous() {
    return previous.get();
  }
}
