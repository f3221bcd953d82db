package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.CredentialStatus;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.TokenStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the grants stand that somebody asks about: the configured ones in their order, and after them
 * the stored ones that no configuration names, by name. They are read from the store a few at a
 * time: there may be a million of them.
 */
public final class FleetStatus {

  private static final int AT_ONCE = 1_000;

  private final TokenStore store;
  private final List<Grant> configured;
  private final List<GrantName> unconfigured;

  private FleetStatus(TokenStore store, List<Grant> configured, List<GrantName> unconfigured) {
    this.store = store;
    this.configured = configured;
    this.unconfigured = unconfigured;
  }

  static FleetStatus of(Config config, TokenStore store, Predicate<GrantName> isMeant) {
    List<Grant> configured =
        config.grants().stream().filter(grant -> isMeant.test(grant.name())).toList();
    Set<GrantName> known = configured.stream().map(Grant::name).collect(Collectors.toSet());
    List<GrantName> unconfigured = new ArrayList<>();
    store.readNames(
        name -> {
          if (isMeant.test(name) && !known.contains(name)) {
            unconfigured.add(name);
          }
        });
    return new FleetStatus(store, configured, List.copyOf(unconfigured));
  }

  /** Those of them that no configuration names. */
  public List<GrantName> unconfigured() {
    return unconfigured;
  }

  /** Which grants they are. */
  public Stream<GrantName> names() {
    return Stream.concat(configured.stream().map(Grant::name), unconfigured.stream());
  }

  /** Hands over how each stands at an instant. */
  public void read(Instant now, Consumer<GrantStatus> reader) {
    read(
        configured,
        Grant::name,
        (some, records) -> {
          Circuits circuits = store.circuitsOf(some);
          some.forEach(
              grant ->
                  reader.accept(GrantStatus.of(grant, records.get(grant.name()), circuits, now)));
        });
    read(
        unconfigured,
        name -> name,
        (some, records) -> {
          for (GrantName name : some) {
            GrantRecord record = records.get(name);
            if (record != null) { // else somebody has removed it meanwhile
              reader.accept(GrantStatus.unconfigured(record, now));
            }
          }
        });
  }

  /** Looks some up at a time, and hands them over with what is stored of them. */
  private <T> void read(
      List<T> all,
      Function<T, GrantName> name,
      BiConsumer<List<T>, Map<GrantName, GrantRecord>> reader) {
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<T> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      Map<GrantName, GrantRecord> records =
          store.records(some.stream().map(name).toList()).stream()
              .collect(Collectors.toMap(GrantRecord::name, Function.identity()));
      reader.accept(some, records);
    }
  }

  /** The same in a list, where all of them are needed at once. */
  public List<GrantStatus> list(Instant now) {
    List<GrantStatus> status = new ArrayList<>();
    read(now, status::add);
    return status;
  }

  /** How the credentials stand that they go by. */
  public List<CredentialStatus> credentials(Instant now) {
    return CredentialStatus.of(configured, store::circuitsOf, now);
  }
}
