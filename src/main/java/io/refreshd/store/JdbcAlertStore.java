package io.refreshd.store;

import io.refreshd.rotation.AlertBook;
import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Delivery;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.OpenAlert;
import io.refreshd.rotation.Outbox;
import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What people were told and what is on its way to them, in the same database as the grants. */
final class JdbcAlertStore implements AlertStore {

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  /** As many as it takes to wait for seven seconds. */
  private static final int TRIES = 140;

  private final StoreReader reader;
  private final GroupCommit writer;
  private final boolean isShared;

  /**
   * A store over open connections.
   *
   * @param isShared whether there may be other daemons on it, with channels of their own
   */
  JdbcAlertStore(StoreReader reader, GroupCommit writer, boolean isShared) {
    this.reader = reader;
    this.writer = writer;
    this.isShared = isShared;
  }

  @Override
  public List<OpenAlert> open() {
    return reader.openAlerts();
  }

  @Override
  public Optional<List<Entry>> commit(AlertBook.Page page, List<String> channels, Instant at) {
    AlertRows open = new AlertRows(page.before(), page.open());
    List<@Nullable Object[]> ready = DeliveryRows.ready(page.alerts(), channels, at);
    return writer.write(
        true,
        transaction -> {
          Optional<DeliveryRows> rows = DeliveryRows.find(transaction, at);
          if (rows.isEmpty() || !open.areStill(transaction)) {
            return Optional.empty();
          }
          open.write(transaction);
          rows.get().add(ready, page.alerts(), channels);
          rows.get().addRecoveries(page.alerts(), channels);
          return Optional.of(written(transaction, rows.get().dropBeyond(Outbox.LIMIT)));
        });
  }

  @Override
  public Optional<Delivery> take(String channel, Instant now, Instant until) {
    if (!reader.isDeliveryDue(channel, now)) {
      return Optional.empty(); // nearly always: and then nothing is written
    }
    return alone(false, now, (transaction, rows) -> rows.take(channel, until));
  }

  @Override
  public List<Entry> delivered(Delivery delivery, Instant at) {
    return alone(
        true,
        at,
        (transaction, rows) -> {
          rows.remove(delivery);
          rows.markTold(delivery);
          rows.dropStale(delivery.channel(), delivery.alert().cause());
          return written(transaction, List.of(Outbox.delivered(delivery, at)));
        });
  }

  @Override
  public List<Entry> failed(Delivery delivery, String why, boolean mayHaveArrived, Instant at) {
    Outbox.Failure failure = Outbox.afterFailure(delivery, why, at);
    return alone(
        true,
        at,
        (transaction, rows) -> {
          if (mayHaveArrived) {
            rows.markPerhapsTold(delivery);
          }
          Delivery retry = failure.retry();
          if (retry == null) {
            rows.giveUp(delivery);
          } else {
            rows.postpone(retry);
          }
          rows.dropStale(delivery.channel(), delivery.alert().cause());
          return written(transaction, failure.entries());
        });
  }

  @Override
  public List<Entry> retain(List<String> channels, Instant at) {
    return alone(
        true,
        at,
        (transaction, rows) -> {
          List<Entry> entries = new ArrayList<>();
          for (String channel : rows.channels()) {
            if (!channels.contains(channel)) {
              entries.addAll(isShared ? rows.dropOverdue(channel) : rows.dropChannel(channel));
            }
          }
          return written(transaction, entries);
        });
  }

  @FunctionalInterface
  private interface Write<T> {
    T in(Transaction transaction, DeliveryRows rows) throws SQLException;
  }

  /**
   * Writes once no other process is at the alerts. It is waited for here, on the caller's thread,
   * and not within the transaction, which rotations share.
   */
  private <T> T alone(boolean durable, Instant at, Write<T> write) {
    for (int tries = 0; tries < TRIES; tries++) {
      Optional<T> result =
          writer.write(
              durable,
              transaction -> {
                Optional<DeliveryRows> rows = DeliveryRows.find(transaction, at);
                return rows.isPresent()
                    ? Optional.of(write.in(transaction, rows.get()))
                    : Optional.empty();
              });
      if (result.isPresent()) {
        return result.get();
      }
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
    throw new StoreException.Unavailable("other daemons are at the alerts again and again", null);
  }

  private static List<Entry> written(Transaction transaction, List<Entry> entries) {
    transaction.append(entries);
    return entries;
  }
}
