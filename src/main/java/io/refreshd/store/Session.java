package io.refreshd.store;

import java.sql.SQLException;

/** What the writer writes through: one transaction after the other. For one thread at a time. */
interface Session {

  /** What a transaction does. It may be run again, in a new transaction. */
  @FunctionalInterface
  interface Work {
    void in(Transaction transaction) throws SQLException;
  }

  /**
   * Runs a transaction; it is committed when this returns, and rolled back when this throws.
   *
   * @param durable whether it must survive a power cut once this has returned
   */
  void write(boolean durable, Work work) throws SQLException;

  /**
   * From now on no transaction waits for another process any longer than a moment, one that waits
   * included. From any thread.
   */
  void hurry();

  /** Closes the connection. */
  void close() throws SQLException;
}
