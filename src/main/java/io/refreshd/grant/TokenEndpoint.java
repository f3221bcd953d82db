package io.refreshd.grant;

import java.net.URI;
import java.util.List;

/** Where a grant's tokens are redeemed, and what is asked for there. */
public sealed interface TokenEndpoint {

  /** The URL that the redemption is posted to. */
  URI uri();

  /** What the URL is under: the authority, or the URL itself where there is none above it. */
  URI base();

  /**
   * Entra's v2 endpoint: asks by scopes.
   *
   * @param authority for example {@code https://login.microsoftonline.com}
   * @param tenantId the directory's id or domain
   * @param scopes of one resource; {@code offline_access} is always added, without it v2 returns no
   *     refresh token (Microsoft identity platform, authorization code flow)
   */
  record V2(URI authority, String tenantId, List<String> scopes) implements TokenEndpoint {
    public V2 {
      scopes = List.copyOf(scopes);
    }

    @Override
    public URI uri() {
      return under(authority, tenantId + "/oauth2/v2.0/token");
    }

    @Override
    public URI base() {
      return authority;
    }
  }

  /** Entra's v1 endpoint: asks by resource, an App ID URI. */
  record V1(URI authority, String tenantId, String resource) implements TokenEndpoint {
    @Override
    public URI uri() {
      return under(authority, tenantId + "/oauth2/token");
    }

    @Override
    public URI base() {
      return authority;
    }
  }

  /**
   * The token endpoint of any OAuth server. The scopes are sent as they stand: RFC 6749 section 6
   * forbids asking for one that was not granted.
   */
  record Plain(URI uri, List<String> scopes) implements TokenEndpoint {
    public Plain {
      scopes = List.copyOf(scopes);
    }

    @Override
    public URI base() {
      return uri;
    }
  }

  private static URI under(URI authority, String path) {
    String base = authority.toString();
    return URI.create(base.endsWith("/") ? base + path : base + "/" + path);
  }
}
