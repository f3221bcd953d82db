package io.refreshd.store;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.AlertBook;
import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Delivery;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.OpenAlert;
import io.refreshd.rotation.Outbox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What people were told and what is on its way to them, in the same database as the grants. */
final class JdbcAlertStore implements AlertStore {

  private final StoreReader reader;
  private final GroupCommit writer;

  JdbcAlertStore(StoreReader reader, GroupCommit writer) {
    this.reader = reader;
    this.writer = writer;
  }

  @Override
  public List<OpenAlert> open() {
    return reader.openAlerts();
  }

  @Override
  public Optional<List<Entry>> commit(AlertBook.Page page, List<String> channels, Instant at) {
    return writer.write(
        true,
        transaction -> {
          DeliveryRows rows = DeliveryRows.of(transaction, at);
          if (!AlertRows.areStill(transaction, page.before())) {
            return Optional.empty();
          }
          AlertRows.replace(transaction, page.open());
          for (Alert alert : page.alerts()) {
            for (String channel : channels) {
              rows.add(channel, alert);
              rows.dropStale(channel, alert.cause());
            }
          }
          return Optional.of(written(transaction, rows.dropBeyond(Outbox.LIMIT)));
        });
  }

  @Override
  public Optional<Delivery> take(String channel, Instant now, Instant until) {
    if (!reader.isDeliveryDue(channel, now)) {
      return Optional.empty(); // nearly always: and then nothing is written
    }
    return writer.write(
        false, transaction -> DeliveryRows.of(transaction, now).take(channel, until));
  }

  @Override
  public List<Entry> delivered(Delivery delivery, Instant at) {
    return writer.write(
        true,
        transaction -> {
          DeliveryRows rows = DeliveryRows.of(transaction, at);
          rows.remove(delivery);
          rows.markTold(delivery);
          rows.dropStale(delivery.channel(), delivery.alert().cause());
          return written(transaction, List.of(Outbox.delivered(delivery, at)));
        });
  }

  @Override
  public List<Entry> failed(Delivery delivery, String why, boolean mayHaveArrived, Instant at) {
    Outbox.Failure failure = Outbox.afterFailure(delivery, why, at);
    return writer.write(
        true,
        transaction -> {
          DeliveryRows rows = DeliveryRows.of(transaction, at);
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
    return writer.write(
        true,
        transaction -> {
          DeliveryRows rows = DeliveryRows.of(transaction, at);
          List<Entry> entries = new ArrayList<>();
          for (String channel : rows.channels()) {
            if (!channels.contains(channel)) {
              entries.addAll(rows.dropChannel(channel));
            }
          }
          return written(transaction, entries);
        });
  }

  private static List<Entry> written(Transaction transaction, List<Entry> entries) {
    transaction.append(entries);
    return entries;
  }
}
