package io.refreshd.testing;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.AlertBook;
import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Delivery;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.OpenAlert;
import io.refreshd.rotation.Outbox;
import io.refreshd.rotation.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The contract of the store of alerts, kept in memory. A test may take its disk away. */
public final class InMemoryAlertStore implements AlertStore {

  private record Told(String channel, String cause) {}

  private final Map<Long, Delivery> deliveries = new TreeMap<>();
  private final Map<Long, Instant> takenUntil = new TreeMap<>();
  private final Set<Told> told = new HashSet<>();
  private final List<Entry> entries = new ArrayList<>();
  private List<OpenAlert> open = List.of();
  private boolean writable = true;
  private long ids;

  /** From now on nothing can be written. */
  public synchronized void loseDisk() {
    writable = false;
  }

  public synchronized void regainDisk() {
    writable = true;
  }

  /** What it wrote into the rotation log. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** What is on its way, the oldest first. */
  public synchronized List<Delivery> deliveries() {
    return List.copyOf(deliveries.values());
  }

  @Override
  public synchronized List<OpenAlert> open() {
    return open;
  }

  @Override
  public synchronized Optional<List<Entry>> commit(
      AlertBook.Page page, List<String> channels, Instant at) {
    proveWritable();
    if (!Set.copyOf(open).equals(Set.copyOf(page.before()))) {
      return Optional.empty();
    }
    open = page.open();
    for (Alert alert : page.alerts()) {
      Set<String> through = new LinkedHashSet<>(channels);
      if (alert.change() == Change.RECOVERED) {
        told.forEach(one -> through.add(one.channel()));
        deliveries.values().forEach(one -> through.add(one.channel()));
      }
      for (String channel : through) {
        ids++;
        deliveries.put(ids, new Delivery(ids, channel, alert, 0, at, null));
        dropStale(channel, alert.cause(), at);
      }
    }
    List<Delivery> oldest = deliveries().subList(0, Math.max(0, deliveries.size() - Outbox.LIMIT));
    return Optional.of(
        drop(oldest, "dropped, because more than " + Outbox.LIMIT + " alerts wait", at));
  }

  @Override
  public synchronized Optional<Delivery> take(String channel, Instant now, Instant until) {
    proveWritable();
    List<Delivery> due =
        select(
            one ->
                one.channel().equals(channel)
                    && isDue(one, now)
                    && !isInFlight(one, now)
                    && !isBehindOneInFlight(one, now));
    for (Delivery one : due) {
      dropStale(channel, one.alert().cause(), now);
      if (deliveries.containsKey(one.id())) {
        takenUntil.put(one.id(), until);
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  @Override
  public synchronized List<Entry> delivered(Delivery delivery, Instant at) {
    proveWritable();
    remove(delivery);
    Told mark = new Told(delivery.channel(), delivery.alert().cause());
    if (delivery.alert().change() == Change.RECOVERED) {
      told.remove(mark);
    } else {
      told.add(mark);
    }
    dropStale(delivery.channel(), delivery.alert().cause(), at);
    return written(List.of(Outbox.delivered(delivery, at)));
  }

  @Override
  public synchronized List<Entry> failed(
      Delivery delivery, String why, boolean mayHaveArrived, Instant at) {
    proveWritable();
    if (mayHaveArrived && delivery.alert().change() != Change.RECOVERED) {
      told.add(new Told(delivery.channel(), delivery.alert().cause()));
    }
    Outbox.Failure failure = Outbox.afterFailure(delivery, why, at);
    if (failure.retry() == null) {
      giveUp(delivery);
    } else if (deliveries.containsKey(delivery.id())) {
      deliveries.put(delivery.id(), failure.retry());
      takenUntil.remove(delivery.id());
    }
    dropStale(delivery.channel(), delivery.alert().cause(), at);
    return written(failure.entries());
  }

  @Override
  public synchronized List<Entry> retain(List<String> channels, Instant at) {
    proveWritable();
    told.removeIf(one -> !channels.contains(one.channel()));
    return drop(
        select(one -> !channels.contains(one.channel())),
        "dropped, because the channel is no longer configured",
        at);
  }

  private void dropStale(String channel, String cause, Instant now) {
    List<Outbox.Waiting> waiting =
        select(one -> one.channel().equals(channel) && one.alert().cause().equals(cause)).stream()
            .map(this::waiting)
            .toList();
    Told mark = new Told(channel, cause);
    if (Outbox.mayBeTold(waiting, now)) {
      told.add(mark);
    }
    Outbox.stale(waiting, told.contains(mark), now).forEach(deliveries::remove);
  }

  private List<Entry> drop(Collection<Delivery> some, String why, Instant at) {
    List<Entry> said = new ArrayList<>();
    for (Delivery one : some) {
      giveUp(one);
      said.add(Outbox.undelivered(one, why, at));
    }
    return written(said);
  }

  private void giveUp(Delivery delivery) {
    remove(delivery);
    if (delivery.alert().change() == Change.RECOVERED) {
      told.remove(new Told(delivery.channel(), delivery.alert().cause()));
    }
  }

  private void remove(Delivery delivery) {
    deliveries.remove(delivery.id());
    takenUntil.remove(delivery.id());
  }

  private static boolean isDue(Delivery delivery, Instant now) {
    Instant next = delivery.nextAttemptAt();
    return !next.isAfter(now) || next.isAfter(Outbox.latestAttempt(now));
  }

  private boolean isInFlight(Delivery delivery, Instant now) {
    return waiting(delivery).isInFlight(now);
  }

  private Outbox.Waiting waiting(Delivery delivery) {
    return new Outbox.Waiting(
        delivery.id(), delivery.alert().change(), takenUntil.get(delivery.id()));
  }

  private boolean isBehindOneInFlight(Delivery delivery, Instant now) {
    return !select(
            one ->
                one.id() < delivery.id()
                    && one.channel().equals(delivery.channel())
                    && one.alert().cause().equals(delivery.alert().cause())
                    && isInFlight(one, now))
        .isEmpty();
  }

  private List<Delivery> select(Predicate<Delivery> wanted) {
    return deliveries.values().stream().filter(wanted).toList();
  }

  private List<Entry> written(List<Entry> some) {
    entries.addAll(some);
    return some;
  }

  private void proveWritable() {
    if (!writable) {
      throw new StoreException.Unavailable("the disk is full", null);
    }
  }
}
