package io.refreshd.sandbox;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a token is asked for.
 *
 * @param resource whom the access token is for
 * @param names what it permits there, separated by blanks
 */
record Permission(String resource, String names) {

  private static final Set<String> OPENID = Set.of("openid", "profile", "email", "offline_access");

  /** Microsoft Graph, which a scope without a resource means. */
  private static final String GRAPH = "https://graph.microsoft.com";

  private static final String IMPERSONATION = "user_impersonation";

  /**
   * Reads it off a request: by resource at v1, by scope elsewhere. Of scopes of several resources
   * the first one counts (Microsoft identity platform, v2).
   */
  static Permission of(TokenRequest request) {
    return switch (request.kind()) {
      case V1 -> new Permission(request.get("resource"), IMPERSONATION);
      case V2 -> v2(request);
      case PLAIN -> new Permission(request.get("client_id"), String.join(" ", request.scopes()));
    };
  }

  private static Permission v2(TokenRequest request) {
    if (request.find("resource").isPresent()) {
      throw Refusals.resourceOnV2();
    }
    request.get("scope");
    List<String> scopes = request.scopes().stream().filter(s -> !OPENID.contains(s)).toList();
    String resource = scopes.isEmpty() ? GRAPH : resource(scopes.get(0));
    String names =
        scopes.stream()
            .filter(scope -> resource(scope).equals(resource))
            .map(Permission::name)
            .collect(Collectors.joining(" "));
    return new Permission(resource, names.isEmpty() ? "openid profile" : names);
  }

  private static String resource(String scope) {
    int slash = scope.lastIndexOf('/');
    return slash < 0 ? GRAPH : scope.substring(0, slash);
  }

  private static String name(String scope) {
    String name = scope.substring(scope.lastIndexOf('/') + 1);
    return name.equals(".default") ? IMPERSONATION : name;
  }
}
