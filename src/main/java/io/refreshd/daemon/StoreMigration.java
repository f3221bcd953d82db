package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.rotation.LogProof;
import io.refreshd.store.StoreMove;
import java.time.Clock;
import java.util.function.LongConsumer;

/**
 * A store that was copied into another one.
 *
 * @param grants how many
 * @param entries of the rotation log
 * @param wasThere whether an earlier run had copied exactly this already
 * @param proof of the copied log
 */
public record StoreMigration(long grants, long entries, boolean wasThere, LogProof proof) {

  /**
   * Copies the store of one configuration into that of another, which must be empty.
   *
   * @param soFar told how many rows are copied, from time to time
   * @throws io.refreshd.rotation.StoreException if it cannot; nothing was copied then, unless the
   *     message says that nobody knows
   */
  public static StoreMigration run(Config from, Config to, Clock clock, LongConsumer soFar) {
    StoreMove.Result result =
        StoreMove.run(Assembly.location(from), Assembly.location(to), clock, soFar);
    return new StoreMigration(result.grants(), result.entries(), result.wasThere(), result.proof());
  }
}
