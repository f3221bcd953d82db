package io.refreshd.sandbox;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The switches: which troubles there are, and for whom. Many threads may share them. */
public final class Troubles {

  private final Map<Scope, Set<Trouble>> on = new ConcurrentHashMap<>();

  /** Whom a trouble reaches. */
  public sealed interface Scope {}

  /** Every request. */
  public record Everyone() implements Scope {}

  /** Every request of a client, by its id. */
  public record OfClient(String id) implements Scope {}

  /** Every request with a token of a user. */
  public record OfUser(String name) implements Scope {}

  Troubles() {}

  /** Switches a trouble on. */
  public void begin(Scope scope, Trouble trouble) {
    on.computeIfAbsent(scope, any -> ConcurrentHashMap.newKeySet()).add(trouble);
  }

  /** Switches all troubles of a scope off. */
  public void end(Scope scope) {
    on.remove(scope);
  }

  /** Switches all troubles off. */
  public void endAll() {
    on.clear();
  }

  /** The troubles that a request meets; the nearest scope first. */
  Met met(@Nullable String client, @Nullable String user) {
    return new Met(
        Stream.of(
                user == null ? null : new OfUser(user),
                client == null ? null : new OfClient(client),
                new Everyone())
            .filter(Objects::nonNull)
            .flatMap(scope -> on.getOrDefault(scope, Set.of()).stream())
            .toList());
  }

  /** The troubles of one request. */
  record Met(List<Trouble> all) {

    <T extends Trouble> Optional<T> find(Class<T> type) {
      return all.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    boolean has(Class<? extends Trouble> type) {
      return find(type).isPresent();
    }
  }
}
