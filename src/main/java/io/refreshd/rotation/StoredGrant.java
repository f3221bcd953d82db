package io.refreshd.rotation;

import io.refreshd.grant.Generation;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A grant with its tokens, for one thread. Under a lease they are opened when they are asked for:
 * whoever replaces or removes a token need not be able to open it.
 */
public final class StoredGrant {

  private final GrantRecord record;
  private final Supplier<Generation> open;
  private final Supplier<@Nullable Generation> previous;
  private @Nullable Generation current;

  /**
   * @param record what the store knows beside the tokens
   * @param current the one current generation
   * @param previous reads the one before it; it is hardly ever needed, so only when asked for
   */
  public StoredGrant(
      GrantRecord record, Generation current, Supplier<@Nullable Generation> previous) {
    this(record, () -> current, previous);
  }

  /**
   * @param open opens the current generation, when it is first asked for
   */
  public StoredGrant(
      GrantRecord record, Supplier<Generation> open, Supplier<@Nullable Generation> previous) {
    this.record = record;
    this.open = open;
    this.previous = previous;
  }

  public GrantRecord record() {
    return record;
  }

  /**
   * The one current generation.
   *
   * @throws StoreException.Damaged if its token does not open
   */
  public Generation current() {
    Generation known = current;
    if (known == null) {
      known = open.get();
      current = known;
    }
    return known;
  }

  /**
   * The generation that was presented to get the current one; {@code null} if there is none, or it
   * cannot be read, which keeps nobody from the current one.
   */
  public @Nullable Generation previous() {
    return previous.get();
  }
}
