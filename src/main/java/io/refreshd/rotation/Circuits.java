package io.refreshd.rotation;

import io.refreshd.grant.Client.Credential;
import io.refreshd.grant.Client.Unread;
import io.refreshd.grant.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The circuits that are open, asked grant by grant: all of them, or those that some grants may
 * stand behind.
 */
public final class Circuits {

  /**
   * After so long without a try nobody has a refused credential any more: the grants behind it try
   * it once a day.
   */
  private static final Duration UNTRIED = Duration.ofDays(30);

  /** Greater than whatever a key ends with: a hash in hexadecimal digits. */
  private static final char BEHIND_ALL = '~';

  /** None is open. */
  public static final Circuits NONE = new Circuits(Collections.emptyNavigableMap());

  /** By their keys: those that begin alike stand beside each other. */
  private final NavigableMap<String, Circuit> open;

  /** Of which reach there is one: mostly of one alone, and a key takes a hash or two. */
  private final Set<Reach> reaches = EnumSet.noneOf(Reach.class);

  private Circuits(NavigableMap<String, Circuit> open) {
    this.open = open;
    open.values().forEach(circuit -> reaches.add(circuit.reach()));
  }

  public static Circuits of(List<Circuit> open) {
    if (open.isEmpty()) {
      return NONE;
    }
    NavigableMap<String, Circuit> byKey = new TreeMap<>();
    open.forEach(circuit -> byKey.put(circuit.key(), circuit));
    return new Circuits(byKey);
  }

  /** What the keys of all circuits begin with that these grants may stand behind, each once. */
  public static Set<String> beginnings(Collection<Grant> grants) {
    Set<String> beginnings = new HashSet<>();
    Set<List<Object>> clients = new HashSet<>();
    for (Grant grant : grants) {
      boolean isNewClient = clients.add(List.of(grant.endpoint(), grant.client().id()));
      for (Reach reach : Reach.values()) {
        if (isNewClient || reach == Reach.GRANT) {
          beginnings.add(CircuitKeys.prefix(grant, reach));
        }
      }
    }
    return beginnings;
  }

  /** Those that are open after the changes. */
  Circuits after(CircuitChanges changes) {
    if (changes.opened().isEmpty() && changes.closed().isEmpty()) {
      return this;
    }
    NavigableMap<String, Circuit> after = new TreeMap<>(open);
    after.keySet().removeAll(changes.closed());
    changes.opened().forEach(circuit -> after.put(circuit.key(), circuit));
    return new Circuits(after);
  }

  /** The circuit that holds the grant back; {@code null} if none does. */
  public @Nullable Circuit holding(Grant grant) {
    return holding(grant, null);
  }

  /**
   * The circuit that holds the grant back, of several the one that lets go last; {@code null} if
   * none does. A client with several secrets is held only when each of them was refused.
   *
   * @param workedAt when its credential did, as far as that is known; {@code null} if it is not
   */
  @Nullable Circuit holding(Grant grant, @Nullable Instant workedAt) {
    if (open.isEmpty()) {
      return null;
    }
    return Stream.of(
            find(grant, Reach.GRANT),
            find(grant, Reach.APPLICATION),
            find(grant, Reach.RATE),
            ofAllCredentials(grant, workedAt))
        .filter(Objects::nonNull)
        .max(Comparator.comparing(Circuit::nextAttemptAt))
        .orElse(null);
  }

  /**
   * The grant by each of its client's credentials that is worth a try, in order: those that were
   * not refused, or all of them if each was.
   */
  List<Grant> presentable(Grant grant) {
    List<Credential> credentials = grant.client().credentials();
    if (credentials.size() == 1) {
      return List.of(grant);
    }
    List<Grant> all = credentials.stream().map(grant::by).toList();
    List<Grant> free = all.stream().filter(one -> find(one, Reach.CREDENTIAL) == null).toList();
    return free.isEmpty() ? all : free;
  }

  /** The circuit that the credential stands behind; {@code null} if it was not refused. */
  public @Nullable Circuit ofCredential(Grant by) {
    return find(by, Reach.CREDENTIAL);
  }

  /** How the attempts at a circuit have gone so far. */
  Standing standing(Grant grant, Reach reach) {
    Circuit known = find(grant, reach);
    return known == null ? Standing.good(null, null) : known.standing();
  }

  private @Nullable Circuit find(Grant grant, Reach reach) {
    if (!reaches.contains(reach)) {
      return null;
    }
    boolean isKeyKnown = !CircuitKeys.isOfCredential(reach) || !isUnread(grant);
    return isKeyKnown
        ? open.get(CircuitKeys.of(grant, reach))
        : ofWhom(grant, reach).findFirst().orElse(null);
  }

  /**
   * Where nobody looked at the credentials, what is known is of whom the circuits speak: which of a
   * shared client's credentials was refused is not.
   */
  private Stream<Circuit> ofWhom(Grant grant, Reach reach) {
    return reach == Reach.CREDENTIAL && grant.client().isShared()
        ? Stream.empty()
        : beginningWith(CircuitKeys.prefix(grant, reach)).values().stream();
  }

  private SortedMap<String, Circuit> beginningWith(String prefix) {
    return open.subMap(prefix, prefix + BEHIND_ALL);
  }

  /** Whether it was open already when the credential worked, which would have closed it. */
  private static boolean isBefore(Circuit circuit, @Nullable Instant workedAt) {
    Instant since = circuit.standing().failingSince();
    return workedAt != null && since != null && since.isBefore(workedAt);
  }

  private static boolean isUnread(Grant grant) {
    return grant.client().credential() instanceof Unread;
  }

  /**
   * The keys of the circuits that a success of this grant closes: its own, and those of what the
   * configuration no longer has. The other credentials of its client stay refused, and where other
   * grants may have one, it does until nobody tries it any more: another daemon may know them.
   *
   * @param by the grant with the credential that worked
   * @param at when it did
   */
  List<String> closedBy(Grant grant, Grant by, Instant at) {
    if (open.isEmpty()) {
      return List.of();
    }
    List<String> own = new ArrayList<>();
    for (Credential credential : grant.client().credentials()) {
      own.add(CircuitKeys.of(grant.by(credential), Reach.CREDENTIAL));
    }
    String worked = CircuitKeys.of(by, Reach.CREDENTIAL);
    boolean isShared = grant.client().isShared();
    return Stream.of(Reach.values())
        .flatMap(reach -> beginningWith(CircuitKeys.prefix(grant, reach)).values().stream())
        .filter(
            circuit ->
                circuit.reach() != Reach.CREDENTIAL
                    || circuit.key().equals(worked)
                    || (!own.contains(circuit.key()) && (!isShared || isLeft(circuit, at))))
        .map(Circuit::key)
        .sorted()
        .toList();
  }

  private static boolean isLeft(Circuit circuit, Instant at) {
    return circuit.nextAttemptAt().plus(UNTRIED).isBefore(at);
  }

  /** The keys of the circuits that stand for the grant alone: whatever its last token met. */
  List<String> ofItsOwn(Grant grant) {
    return List.copyOf(beginningWith(CircuitKeys.prefix(grant, Reach.GRANT)).keySet());
  }

  private @Nullable Circuit ofAllCredentials(Grant grant, @Nullable Instant workedAt) {
    if (isUnread(grant)) {
      List<Circuit> refused = ofWhom(grant, Reach.CREDENTIAL).toList();
      boolean isOfOthers = refused.stream().allMatch(circuit -> isBefore(circuit, workedAt));
      return isOfOthers || refused.size() < grant.client().credentials().size()
          ? null
          : refused.get(0);
    }
    Circuit first = null;
    for (Credential credential : grant.client().credentials()) {
      Circuit circuit = find(grant.by(credential), Reach.CREDENTIAL);
      if (circuit == null) {
        return null;
      }
      first =
          first == null || circuit.nextAttemptAt().isBefore(first.nextAttemptAt())
              ? circuit
              : first;
    }
    return first;
  }
}
