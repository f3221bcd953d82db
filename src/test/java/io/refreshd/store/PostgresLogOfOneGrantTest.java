package io.refreshd.store;

import java.nio.file.Path;

/** The same in PostgreSQL. */
class PostgresLogOfOneGrantTest extends LogOfOneGrantTest {

  @Override
  StoreFixture fixture(Path empty) {
    return new PostgresFixture(empty);
  }
}
