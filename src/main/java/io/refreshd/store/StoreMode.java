package io.refreshd.store;

/** What a store is opened for. */
enum StoreMode {
  /** Everything; the file, its folder and the key are made if they are missing. */
  WRITE,
  /** Reading; nothing is made or changed, and a store that is missing is an empty one. */
  READ
}
