package io.refreshd.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** The contract, on PostgreSQL. */
class PostgresTokenStoreTest extends TokenStoreContract {

  @TempDir Path folder;
  private @Nullable PostgresFixture fixture;

  @Override
  OpenStore open(String owner) {
    PostgresFixture known = fixture == null ? new PostgresFixture(folder) : fixture;
    fixture = known;
    return TokenStores.openToWrite(known.location, owner, 4, clock);
  }

  /** The database's own clock, by which leases end there, cannot be turned. */
  @Override
  void pass(Duration time) {
    super.pass(time);
    try {
      Objects.requireNonNull(fixture).age(time);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
