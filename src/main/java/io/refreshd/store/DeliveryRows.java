package io.refreshd.store;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.Delivery;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Outbox;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is read and written about deliveries, within the writer's transaction, at an instant. */
final class DeliveryRows {

  private final Transaction transaction;
  private final Instant now;

  private DeliveryRows(Transaction transaction, Instant now) {
    this.transaction = transaction;
    this.now = now;
  }

  /** The rows, for this transaction alone: what is read of them is acted upon. */
  static DeliveryRows of(Transaction transaction, Instant now) throws SQLException {
    transaction.alone(Sql.Alone.ALERTS);
    return new DeliveryRows(transaction, now);
  }

  void add(String channel, Alert alert) throws SQLException {
    transaction.update(
        Sql.INSERT_DELIVERY,
        channel,
        alert.cause(),
        alert.change().name(),
        AlertCodec.encode(alert),
        Micros.of(now));
  }

  /** Takes the oldest that is due; what has become stale is dropped on the way. */
  Optional<Delivery> take(String channel, Instant until) throws SQLException {
    Optional<Delivery> due = due(channel);
    while (due.isPresent()
        && dropStale(channel, due.get().alert().cause()).contains(due.get().id())) {
      due = due(channel);
    }
    if (due.isPresent()) {
      transaction.update(Sql.TAKE_DELIVERY, Micros.of(until), due.get().id());
    }
    return due;
  }

  private Optional<Delivery> due(String channel) throws SQLException {
    long at = Micros.of(now);
    return transaction.first(Sql.DUE_DELIVERY, DeliveryRows::delivery, channel, at, at, at);
  }

  /** Drops what {@link Outbox#stale} says, and returns the ids. */
  List<Long> dropStale(String channel, String cause) throws SQLException {
    List<Outbox.Waiting> waiting =
        transaction.list(Sql.DELIVERIES_OF_CAUSE, DeliveryRows::waiting, channel, cause);
    if (Outbox.mayBeTold(waiting, now)) {
      transaction.update(Sql.MARK_TOLD, channel, cause);
    }
    List<Long> stale = Outbox.stale(waiting, isTold(channel, cause), now);
    for (long id : stale) {
      transaction.update(Sql.REMOVE_DELIVERY, id);
    }
    return stale;
  }

  void remove(Delivery delivery) throws SQLException {
    transaction.update(Sql.REMOVE_DELIVERY, delivery.id());
  }

  void postpone(Delivery retry) throws SQLException {
    transaction.update(
        Sql.POSTPONE_DELIVERY,
        retry.attempts(),
        Micros.of(retry.nextAttemptAt()),
        retry.lastError(),
        retry.id());
  }

  /** A recovery that never arrives is the end of the story all the same. */
  void giveUp(Delivery delivery) throws SQLException {
    remove(delivery);
    if (delivery.alert().change() == Change.RECOVERED) {
      forgetTold(delivery);
    }
  }

  void markTold(Delivery delivery) throws SQLException {
    if (delivery.alert().change() == Change.RECOVERED) {
      forgetTold(delivery);
    } else {
      transaction.update(Sql.MARK_TOLD, delivery.channel(), delivery.alert().cause());
    }
  }

  /** A recovery that may have arrived is told once more. */
  void markPerhapsTold(Delivery delivery) throws SQLException {
    if (delivery.alert().change() != Change.RECOVERED) {
      markTold(delivery);
    }
  }

  private void forgetTold(Delivery delivery) throws SQLException {
    transaction.update(Sql.FORGET_TOLD, delivery.channel(), delivery.alert().cause());
  }

  /** Drops the oldest beyond so many, and returns what the log says of it. */
  List<Entry> dropBeyond(int limit) throws SQLException {
    List<Delivery> oldest = transaction.list(Sql.DELIVERIES_BEYOND, DeliveryRows::delivery, limit);
    return dropped(oldest, "dropped, because more than " + limit + " alerts wait");
  }

  /** The channels that something waits for, or through which something was told. */
  List<String> channels() throws SQLException {
    return transaction.list(Sql.DELIVERY_CHANNELS, Columns::text);
  }

  /** Drops all of a channel, and returns what the log says of it. */
  List<Entry> dropChannel(String channel) throws SQLException {
    List<Delivery> all =
        transaction.list(Sql.DELIVERIES_OF_CHANNEL, DeliveryRows::delivery, channel);
    List<Entry> entries = dropped(all, "dropped, because the channel is no longer configured");
    transaction.update(Sql.FORGET_TOLD_THROUGH, channel);
    return entries;
  }

  private List<Entry> dropped(List<Delivery> deliveries, String why) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      giveUp(delivery);
      entries.add(Outbox.undelivered(delivery, why, now));
    }
    return entries;
  }

  private boolean isTold(String channel, String cause) throws SQLException {
    return transaction.first(Sql.FIND_TOLD, row -> true, channel, cause).isPresent();
  }

  private static Outbox.Waiting waiting(Columns row) throws SQLException {
    return new Outbox.Waiting(row.number(), row.word(Change.class), row.findInstant());
  }

  private static Delivery delivery(Columns row) throws SQLException {
    return new Delivery(
        row.number(),
        row.text(),
        AlertCodec.alert(row.bytes()),
        row.integer(),
        row.instant(),
        row.findText());
  }
}
