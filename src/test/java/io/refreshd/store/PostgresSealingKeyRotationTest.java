package io.refreshd.store;

import java.nio.file.Path;

/** A new sealing key for a store in PostgreSQL. */
class PostgresSealingKeyRotationTest extends SealingKeyRotationTest {

  @Override
  StoreFixture fixture(Path empty) {
    return new PostgresFixture(empty);
  }
}
