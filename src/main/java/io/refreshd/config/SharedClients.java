package io.refreshd.config;

import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Marks the clients that grants prove by different credentials: an application with a secret for
 * each market, or one whose new secret does not stand everywhere yet.
 */
final class SharedClients {

  private SharedClients() {}

  /** Whom a client proves itself to, and which. */
  private record Who(URI authority, String client) {
    static Who of(Grant grant) {
      return new Who(grant.endpoint().base(), grant.client().id());
    }
  }

  /** The same grants, those clients marked. */
  static List<Grant> marked(List<Grant> grants) {
    Set<Who> shared = shared(grants);
    if (shared.isEmpty()) {
      return grants;
    }
    Map<Client, Client> marked = new HashMap<>(); // one for all that have it in common
    return grants.stream()
        .map(
            grant ->
                shared.contains(Who.of(grant))
                    ? grant.of(marked.computeIfAbsent(grant.client(), SharedClients::mark))
                    : grant)
        .toList();
  }

  private static Set<Who> shared(List<Grant> grants) {
    Map<Who, Client> first = new HashMap<>();
    Set<Who> shared = new HashSet<>();
    for (Grant grant : grants) {
      Client known = first.putIfAbsent(Who.of(grant), grant.client());
      if (known != null && !known.equals(grant.client())) {
        shared.add(Who.of(grant));
      }
    }
    return shared;
  }

  private static Client mark(Client client) {
    return new Client(client.id(), client.credentials(), true);
  }
}
