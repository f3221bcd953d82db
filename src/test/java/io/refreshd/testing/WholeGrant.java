package io.refreshd.testing;

import io.refreshd.grant.Generation;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.StoredGrant;
import org.jspecify.annotations.Nullable;

/** A stored grant with all that is read of it only when asked for, to be compared. */
public record WholeGrant(GrantRecord record, Generation current, @Nullable Generation previous) {

  public static WholeGrant of(StoredGrant stored) {
    return new WholeGrant(stored.record(), stored.current(), stored.previous());
  }
}
