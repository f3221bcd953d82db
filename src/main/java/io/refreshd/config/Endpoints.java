package io.refreshd.config;

import io.refreshd.grant.TokenEndpoint;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads where a grant's tokens are redeemed. */
final class Endpoints {

  /** What only Entra has. */
  private static final List<Key<?>> ENTRA =
      List.of(Keys.AUTHORITY, Keys.ENDPOINT, Keys.TENANT_ID, Keys.RESOURCE);

  private Endpoints() {}

  /** The endpoint; {@code null} if that was reported to be impossible. */
  static @Nullable TokenEndpoint read(Layers in) {
    return in.has(Keys.TOKEN_ENDPOINT) ? plain(in) : entra(in);
  }

  /** Entra's keys further out are not meant for this grant; beside or further in, they are. */
  private static @Nullable TokenEndpoint plain(Layers in) {
    int depth = in.depth(Keys.TOKEN_ENDPOINT);
    for (Key<?> key : ENTRA) {
      if (in.depth(key) <= depth) {
        in.reject(
            key,
            "does not go with token-endpoint ("
                + in.place(Keys.TOKEN_ENDPOINT)
                + "); would be one of the two");
      }
    }
    URI uri = in.value(Keys.TOKEN_ENDPOINT);
    List<String> scopes = in.value(Keys.SCOPES);
    return uri == null ? null : new TokenEndpoint.Plain(uri, scopes == null ? List.of() : scopes);
  }

  private static @Nullable TokenEndpoint entra(Layers in) {
    URI authority = in.value(Keys.AUTHORITY);
    String tenantId = in.value(Keys.TENANT_ID);
    if (!in.has(Keys.TENANT_ID)) {
      in.tenant().missing(Keys.TENANT_ID);
    }
    String endpoint = in.value(Keys.ENDPOINT);
    if (endpoint == null) {
      return null;
    }
    return endpoint.equals("v1") ? v1(in, authority, tenantId) : v2(in, authority, tenantId);
  }

  private static @Nullable TokenEndpoint v2(
      Layers in, @Nullable URI authority, @Nullable String tenantId) {
    List<String> scopes = in.value(Keys.SCOPES);
    if (isMeant(in, Keys.RESOURCE)) {
      in.reject(
          Keys.RESOURCE,
          "has no effect with endpoint v2; would be scopes, or endpoint: v1 beside it");
    } else if (!in.has(Keys.SCOPES)) {
      in.grant().missing(Keys.SCOPES);
    } else if (scopes != null && scopes.isEmpty()) {
      in.conflict("is empty and endpoint v2 asks by scopes; would name one", Keys.SCOPES);
    }
    return authority == null || tenantId == null || scopes == null
        ? null
        : new TokenEndpoint.V2(authority, tenantId, scopes);
  }

  private static @Nullable TokenEndpoint v1(
      Layers in, @Nullable URI authority, @Nullable String tenantId) {
    String resource = in.value(Keys.RESOURCE);
    if (isMeant(in, Keys.SCOPES)) {
      in.reject(
          Keys.SCOPES,
          "has no effect with endpoint v1; would be resource, or endpoint: v2 beside it");
    } else if (!in.has(Keys.RESOURCE)) {
      in.grant().missing(Keys.RESOURCE);
    }
    return authority == null || tenantId == null || resource == null
        ? null
        : new TokenEndpoint.V1(authority, tenantId, resource);
  }

  /** What stands further out than the choice of the endpoint was meant for the other one. */
  private static boolean isMeant(Layers in, Key<?> key) {
    return in.has(key) && in.depth(key) <= in.depth(Keys.ENDPOINT);
  }
}
