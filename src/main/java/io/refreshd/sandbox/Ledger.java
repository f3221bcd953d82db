package io.refreshd.sandbox;

import io.refreshd.sandbox.TokenSeal.Note;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Who is registered, and which chains of tokens there are. */
final class Ledger {

  private final Clock clock;
  private final TokenSeal seal = new TokenSeal();
  private final AtomicLong ids = new AtomicLong();
  private final Set<String> tenants = ConcurrentHashMap.newKeySet();
  private final Map<Registration, SandboxClient> clients = new ConcurrentHashMap<>();
  private final Map<Long, Chain> chains = new ConcurrentHashMap<>();
  private final Map<Consent, Chain> newest = new ConcurrentHashMap<>();

  private record Registration(String tenant, String client) {}

  private record Consent(Registration client, String user) {}

  /**
   * A token that was presented.
   *
   * @param chain the chain it is of
   * @param number its place in it
   * @param issuedAt when it was issued
   */
  record Presented(Chain chain, int number, Instant issuedAt) {}

  Ledger(Clock clock) {
    this.clock = clock;
  }

  void register(String tenant) {
    tenants.add(tenant);
  }

  void register(SandboxClient client) {
    register(client.tenant());
    clients.put(new Registration(client.tenant(), client.id()), client);
  }

  boolean hasTenant(String tenant) {
    return tenants.contains(tenant);
  }

  Optional<SandboxClient> findClient(String tenant, String client) {
    return Optional.ofNullable(clients.get(new Registration(tenant, client)));
  }

  /** A person consents: a new chain begins. Earlier ones of the same user live on. */
  String consent(String tenant, String client, String user) {
    SandboxClient registered =
        findClient(tenant, client)
            .orElseThrow(
                () -> new IllegalArgumentException(client + " is not registered in " + tenant));
    Instant now = clock.instant();
    Chain chain = new Chain(ids.incrementAndGet(), registered, user, now);
    String first = chain.issue(seal, now);
    chains.put(chain.id(), chain);
    newest.put(new Consent(new Registration(tenant, client), user), chain);
    return first;
  }

  /** The chain of the user's last consent. */
  Chain chain(String tenant, String client, String user) {
    Chain chain = newest.get(new Consent(new Registration(tenant, client), user));
    if (chain == null) {
      throw new IllegalArgumentException(user + " has not consented to " + client);
    }
    return chain;
  }

  /** What a token is; empty if it is none of this server's. */
  Optional<Presented> find(String token) {
    return seal.open(token).flatMap(this::find);
  }

  /** The next token of the chain; empty if the presented one was for single use, and spent. */
  Optional<String> redeem(Presented presented, boolean singleUse) {
    Chain chain = presented.chain();
    Instant now = clock.instant();
    return singleUse
        ? chain.spend(presented.number(), seal, now)
        : Optional.of(chain.issue(seal, now));
  }

  private Optional<Presented> find(Note note) {
    return Optional.ofNullable(chains.get(note.chain()))
        .map(chain -> new Presented(chain, note.number(), note.issuedAt()));
  }
}
