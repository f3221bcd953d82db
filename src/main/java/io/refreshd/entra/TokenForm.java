package io.refreshd.entra;

import io.refreshd.grant.TokenEndpoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Fits the form that msal4j builds, which is for Entra's v2 endpoint, to the others. */
final class TokenForm {

  private TokenForm() {}

  static String of(TokenEndpoint endpoint, String v2) {
    if (endpoint instanceof TokenEndpoint.V1 v1) {
      return withoutV2(v2) + "&" + pair("resource", v1.resource());
    }
    if (endpoint instanceof TokenEndpoint.Plain plain) {
      return plain.scopes().isEmpty() ? withoutV2(v2) : withoutV2(v2) + "&" + scope(plain.scopes());
    }
    return v2;
  }

  /** The form without what only v2 understands. */
  private static String withoutV2(String form) {
    return Arrays.stream(form.split("&"))
        .filter(pair -> !pair.startsWith("scope=") && !pair.startsWith("client_info="))
        .collect(Collectors.joining("&"));
  }

  private static String scope(List<String> scopes) {
    return pair("scope", String.join(" ", scopes));
  }

  private static String pair(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
