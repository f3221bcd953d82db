package io.refreshd.bench;

import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.grant.Grant;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.store.BulkLoad;
import io.refreshd.store.OpenStore;
import io.refreshd.store.TokenStores;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * What is measured: the program's own parts, put together as the daemon does, rotating grants that
 * were put into its store in bulk.
 *
 * <p>Arguments: URL of the store, folder of its key, endpoint, grants.
 */
final class RefreshdRotations implements RoundServer.Rotation {

  private static final int MOST_IN_FLIGHT = 64;

  private final BenchFleet fleet;
  private final Rotator rotator;

  private RefreshdRotations(BenchFleet fleet, Rotator rotator) {
    this.fleet = fleet;
    this.rotator = rotator;
  }

  public static void main(String[] args) throws Exception {
    BenchFleet fleet = new BenchFleet(URI.create(args[2]), Integer.parseInt(args[3]));
    RoundServer.serve(fleet.size(), () -> prepare(args, fleet));
  }

  private static RefreshdRotations prepare(String[] args, BenchFleet fleet) {
    Clock clock = Clock.systemUTC();
    BulkLoad load = new BulkLoad(BulkLoad.location(args[0], Path.of(args[1])), clock);
    load.fill(
        fleet.size(),
        number -> fleet.grant(number).name(),
        number -> RoundServer.turn(number, fleet.size()));
    OpenStore store = TokenStores.openToWrite(load.location(), "bench", MOST_IN_FLIGHT, clock);
    EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock);
    RotationPolicy policy = new RotationPolicy((cron, after) -> Instant.MAX);
    return new RefreshdRotations(
        fleet, new Rotator(store, redeemer, policy, (entry, kept) -> {}, clock));
  }

  @Override
  public void rotate(int number) {
    Iterator<Grant> one = List.of(fleet.grant(number)).iterator();
    var unused = new InTurn(rotator, () -> one.hasNext() ? one.next() : null).rotate();
  }

  @Override
  public long rotate(Supplier<OptionalInt> next) {
    return new InTurn(
            rotator,
            () -> {
              OptionalInt number = next.get();
              return number.isPresent() ? fleet.grant(number.getAsInt()) : null;
            })
        .rotate();
  }
}
