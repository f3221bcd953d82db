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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    Circuits circuits = Circuits.of(store.circuits());
    read(
        configured,
        Grant::name,
        (grant, record) -> reader.accept(GrantStatus.of(grant, record, circuits, now)));
    read(
        unconfigured,
        name -> name,
        (name, record) -> {
          if (record != null) { // else somebody has removed it meanwhile
            reader.accept(GrantStatus.unconfigured(record, now));
          }
        });
  }

  /** Looks some up at a time, and hands each over with what is stored of it. */
  private <T> void read(List<T> all, Function<T, GrantName> name, Found<T> reader) {
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<T> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      Map<GrantName, GrantRecord> records =
          store.records(some.stream().map(name).toList()).stream()
              .collect(Collectors.toMap(GrantRecord::name, Function.identity()));
      some.forEach(one -> reader.take(one, records.get(name.apply(one))));
    }
  }

  /** Takes a grant and what is stored of it; {@code null} if nothing is. */
  private interface Found<T> {
    void take(T grant, @Nullable GrantRecord record);
  }

  /** The same in a list, where all of them are needed at once. */
  public List<GrantStatus> list(Instant now) {
    List<GrantStatus> status = new ArrayList<>();
    read(now, status::add);
    return status;
  }

  /** How the credentials stand that they go by. */
  public List<CredentialStatus> credentials(Instant now) {
    return CredentialStatus.of(configured, Circuits.of(store.circuits()), now);
  }
}
