package io.refreshd.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Grants that are due and wait for their turn, in the order and with the limits of the daemon's
 * queue: the most urgent first, so many in flight at once, and so many of one tenant.
 */
final class DueLine {

  /** How long a redemption is taken to be in flight. */
  private static final Duration IN_FLIGHT = Duration.ofSeconds(1);

  private static final Comparator<Due> URGENCY =
      Comparator.comparing(Due::deadline).thenComparing(due -> due.seat().grant().name());

  /**
   * A grant that waits.
   *
   * @param deadline when its life ends: the earlier, the more urgent
   */
  record Due(Seat seat, Instant deadline) {}

  private record InFlight(Tenant tenant, Instant until) {}

  /** In {@link #ready} while one of its grants may start. */
  private static final class Tenant {
    final String name;
    final PriorityQueue<Due> waiting = new PriorityQueue<>(URGENCY);
    int inFlight;
    boolean isReady;

    Tenant(String name) {
      this.name = name;
    }
  }

  private final Limits limits;
  private final Map<String, Tenant> tenants = new HashMap<>();
  private final TreeSet<Tenant> ready =
      new TreeSet<>(
          Comparator.<Tenant, Due>comparing(tenant -> tenant.waiting.element(), URGENCY)
              .thenComparing(tenant -> tenant.name));
  private final Queue<InFlight> inFlight = new ArrayDeque<>();
  private int waiting;

  DueLine(Limits limits) {
    this.limits = limits;
  }

  void add(Due due) {
    Tenant tenant = tenant(due);
    withdraw(tenant); // its place there hangs on its first
    tenant.waiting.add(due);
    waiting++;
    readyAgain(tenant);
  }

  /** The next one that may start; {@code null} if none may now. */
  @Nullable Due take(Instant now) {
    land(now);
    if (ready.isEmpty() || inFlight.size() >= limits.concurrency()) {
      return null;
    }
    Tenant tenant = ready.first();
    withdraw(tenant);
    Due due = tenant.waiting.remove();
    waiting--;
    readyAgain(tenant);
    return due;
  }

  /** A grant that was taken has made a redemption. */
  void fly(Due due, Instant now) {
    Tenant tenant = tenant(due);
    withdraw(tenant);
    tenant.inFlight++;
    inFlight.add(new InFlight(tenant, now.plus(IN_FLIGHT)));
    readyAgain(tenant);
  }

  /** When the next one may start; {@link Instant#MAX} if none waits. */
  Instant nextStart() {
    InFlight first = inFlight.peek();
    return waiting == 0 || first == null ? Instant.MAX : first.until();
  }

  /** Sends all away that wait. */
  void clear() {
    ready.clear();
    tenants.clear();
    inFlight.clear();
    waiting = 0;
  }

  private void land(Instant now) {
    while (!inFlight.isEmpty() && !now.isBefore(inFlight.element().until())) {
      Tenant tenant = inFlight.remove().tenant();
      withdraw(tenant);
      tenant.inFlight--;
      readyAgain(tenant);
    }
  }

  private void readyAgain(Tenant tenant) {
    if (!tenant.waiting.isEmpty() && tenant.inFlight < limits.tenantConcurrency()) {
      ready.add(tenant);
      tenant.isReady = true;
    }
  }

  private void withdraw(Tenant tenant) {
    if (tenant.isReady) {
      ready.remove(tenant);
      tenant.isReady = false;
    }
  }

  private Tenant tenant(Due due) {
    return tenants.computeIfAbsent(due.seat().grant().name().tenant(), Tenant::new);
  }
}
