package io.refreshd.store;

import java.nio.file.Path;

/** Many threads, several stores and two processes on one database in PostgreSQL. */
class PostgresConcurrentStoresTest extends ConcurrentStoresTest {

  @Override
  StoreFixture fixture(Path empty) {
    return new PostgresFixture(empty);
  }
}
