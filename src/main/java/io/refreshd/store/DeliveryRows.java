package io.refreshd.store;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.Delivery;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Outbox;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is read and written about deliveries, within the writer's transaction, at an instant. */
final class DeliveryRows {

  private static final String NOT_CONFIGURED =
      "dropped, because the channel is no longer configured";

  private final Transaction transaction;
  private final Instant now;

  private DeliveryRows(Transaction transaction, Instant now) {
    this.transaction = transaction;
    this.now = now;
  }

  /**
   * The rows, for this transaction alone: what is read of them is acted upon. Empty if another
   * process is at them: rotations share this transaction, and do not wait for alerts.
   */
  static Optional<DeliveryRows> find(Transaction transaction, Instant now) throws SQLException {
    return transaction.isAloneWithAlerts()
        ? Optional.of(new DeliveryRows(transaction, now))
        : Optional.empty();
  }

  /** Alerts, ready to be added with one delivery for each channel. */
  static List<@Nullable Object[]> ready(List<Alert> alerts, List<String> channels, Instant now) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Alert alert : alerts) {
      byte[] bytes = AlertCodec.encode(alert);
      for (String channel : channels) {
        rows.add(
            new @Nullable Object[] {
              channel, alert.cause(), alert.change().name(), bytes, Micros.of(now)
            });
      }
    }
    return rows;
  }

  /** Adds what is {@linkplain #ready}; what becomes stale by it is dropped. */
  void add(List<@Nullable Object[]> ready, List<Alert> alerts, List<String> channels)
      throws SQLException {
    transaction.insert(Sql.INSERT_DELIVERY, ready);
    Set<String> causes = alerts.stream().map(Alert::cause).collect(Collectors.toSet());
    for (String channel : causes.isEmpty() ? List.<String>of() : channels) {
      dropStale(channel, causes);
    }
  }

  /** Adds recoveries through the channels beside these, as far as the trouble was told there. */
  void addRecoveries(List<Alert> alerts, List<String> channels) throws SQLException {
    List<Alert> over = alerts.stream().filter(one -> one.change() == Change.RECOVERED).toList();
    if (over.isEmpty()) {
      return;
    }
    List<String> others = channels().stream().filter(one -> !channels.contains(one)).toList();
    add(ready(over, others, now), over, others); // where nobody was told it is stale at once
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
    return transaction.first(Sql.DUE_DELIVERY, DeliveryRows::delivery, whatIsDue(channel, now));
  }

  /** The parameters of {@link Sql#DUE_DELIVERY}. */
  static @Nullable Object[] whatIsDue(String channel, Instant now) {
    long at = Micros.of(now);
    long latestAttempt = Micros.of(Outbox.latestAttempt(now));
    long latestFlight = Micros.of(Outbox.latestFlight(now));
    return new @Nullable Object[] {channel, at, latestAttempt, at, latestFlight, at, latestFlight};
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

  /** The same for many causes of a channel at once. */
  private void dropStale(String channel, Set<String> causes) throws SQLException {
    Map<String, List<Outbox.Waiting>> waiting = new HashMap<>();
    for (OfCause one : transaction.list(Sql.DELIVERIES_BY_CAUSE, OfCause::read, channel)) {
      waiting.computeIfAbsent(one.cause(), cause -> new ArrayList<>()).add(one.waiting());
    }
    waiting.keySet().retainAll(causes);
    Set<String> told = new HashSet<>(transaction.list(Sql.TOLD_THROUGH, Columns::text, channel));
    List<@Nullable Object[]> marked = new ArrayList<>();
    List<@Nullable Object[]> stale = new ArrayList<>();
    waiting.forEach(
        (cause, all) -> {
          if (Outbox.mayBeTold(all, now) && told.add(cause)) {
            marked.add(new @Nullable Object[] {channel, cause});
          }
          Outbox.stale(all, told.contains(cause), now)
              .forEach(id -> stale.add(new @Nullable Object[] {id}));
        });
    transaction.insert(Sql.MARK_TOLD, marked);
    transaction.insert(Sql.REMOVE_DELIVERY, stale);
  }

  private record OfCause(String cause, Outbox.Waiting waiting) {
    static OfCause read(Columns row) throws SQLException {
      return new OfCause(row.text(), DeliveryRows.waiting(row));
    }
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
    List<Entry> entries = dropped(ofChannel(channel), NOT_CONFIGURED);
    transaction.update(Sql.FORGET_TOLD_THROUGH, channel);
    return entries;
  }

  /** Drops what has waited for a channel for too long, and returns what the log says of it. */
  List<Entry> dropOverdue(String channel) throws SQLException {
    List<Delivery> overdue =
        ofChannel(channel).stream().filter(one -> Outbox.isOverdue(one, now)).toList();
    return dropped(overdue, NOT_CONFIGURED);
  }

  private List<Delivery> ofChannel(String channel) throws SQLException {
    return transaction.list(Sql.DELIVERIES_OF_CHANNEL, DeliveryRows::delivery, channel);
  }

  private List<Entry> dropped(List<Delivery> deliveries, String why) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    List<@Nullable Object[]> removed = new ArrayList<>();
    List<@Nullable Object[]> over = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      removed.add(new @Nullable Object[] {delivery.id()});
      if (delivery.alert().change() == Change.RECOVERED) {
        over.add(new @Nullable Object[] {delivery.channel(), delivery.alert().cause()});
      }
      entries.add(Outbox.undelivered(delivery, why, now));
    }
    transaction.insert(Sql.REMOVE_DELIVERY, removed);
    transaction.insert(Sql.FORGET_TOLD, over);
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
