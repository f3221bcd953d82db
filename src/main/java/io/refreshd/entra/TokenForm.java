package io.refreshd.entra;

import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.TokenEndpoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Completes the form that msal4j builds: puts the refresh token in, and fits what is meant for
 * Entra's v2 endpoint to the others.
 */
final class TokenForm {

  private TokenForm() {}

  static String of(TokenEndpoint endpoint, RefreshToken token, String built) {
    List<String> pairs = new ArrayList<>(Arrays.asList(built.split("&")));
    pairs.removeIf(pair -> pair.startsWith("refresh_token="));
    if (!(endpoint instanceof TokenEndpoint.V2)) {
      pairs.removeIf(pair -> pair.startsWith("scope=") || pair.startsWith("client_info="));
    }
    if (endpoint instanceof TokenEndpoint.V1 v1) {
      pairs.add(pair("resource", v1.resource()));
    }
    if (endpoint instanceof TokenEndpoint.Plain plain && !plain.scopes().isEmpty()) {
      pairs.add(pair("scope", String.join(" ", plain.scopes())));
    }
    pairs.add(pair("refresh_token", token.reveal()));
    return String.join("&", pairs);
  }

  private static String pair(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
