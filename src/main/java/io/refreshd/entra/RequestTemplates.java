package io.refreshd.entra;

import io.refreshd.grant.Client;
import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Grant;
import io.refreshd.grant.TokenEndpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests as msal4j builds them, kept where they are the same each time: but for the refresh token
 * and the correlation id, which are put in later, a client with a secret or without any credential
 * always sends the same. A certificate signs a new assertion for each request.
 */
final class RequestTemplates {

  /** So many clients and sets of scopes, the least used forgotten first. */
  private static final int KEPT = 1_000;

  private final Msal msal;

  private final Map<Key, BuiltRequest> templates =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, BuiltRequest> eldest) {
          return size() > KEPT;
        }
      };

  /** All that a form without an assertion hangs on: where it is sent to is ours to say. */
  private record Key(Client client, List<String> scopes) {}

  RequestTemplates(Msal msal) {
    this.msal = msal;
  }

  /**
   * The request for a grant, without its token.
   *
   * @throws UnusableCertificate if the client's certificate cannot be used
   */
  BuiltRequest request(Grant grant) throws UnusableCertificate {
    if (grant.client().credential() instanceof Certificate) {
      return msal.build(grant);
    }
    Key key = new Key(grant.client(), scopes(grant.endpoint()));
    synchronized (templates) {
      BuiltRequest kept = templates.get(key);
      if (kept != null) {
        return kept;
      }
    }
    BuiltRequest built = msal.build(grant);
    synchronized (templates) {
      templates.put(key, built);
    }
    return built;
  }

  /** Those that msal4j builds with; {@link TokenForm} sees to the others. */
  static List<String> scopes(TokenEndpoint endpoint) {
    return endpoint instanceof TokenEndpoint.V2 v2 ? v2.scopes() : List.of();
  }
}
