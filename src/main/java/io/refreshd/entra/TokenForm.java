package io.refreshd.entra;

import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.TokenEndpoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Completes the form that msal4j builds: puts the refresh token in, and fits what is meant for
 * Entra's v2 endpoint to the others.
 */
final class TokenForm {

  private TokenForm() {}

  /** What msal4j built, without the pair that held its stand-in for the token. */
  static String withoutToken(String built) {
    return without(built, List.of("refresh_token="));
  }

  /**
   * The form to send.
   *
   * @param built by msal4j, {@link #withoutToken without a token}
   */
  static String of(TokenEndpoint endpoint, RefreshToken token, String built) {
    return fitted(endpoint, built) + "&" + pair("refresh_token", token.reveal());
  }

  private static String fitted(TokenEndpoint endpoint, String built) {
    if (endpoint instanceof TokenEndpoint.V2) {
      return built;
    }
    String form = without(built, List.of("scope=", "client_info="));
    if (endpoint instanceof TokenEndpoint.V1 v1) {
      return form + "&" + pair("resource", v1.resource());
    }
    return endpoint instanceof TokenEndpoint.Plain plain && !plain.scopes().isEmpty()
        ? form + "&" + pair("scope", String.join(" ", plain.scopes()))
        : form;
  }

  private static String without(String form, List<String> starts) {
    return Arrays.stream(form.split("&"))
        .filter(pair -> starts.stream().noneMatch(pair::startsWith))
        .collect(Collectors.joining("&"));
  }

  private static String pair(String name, String value) {
    return name + "=" + (isPlain(value) ? value : URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  /** Of letters, digits and what stands for itself in a form: as most tokens are. */
  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean isAlphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!isAlphanumeric && c != '-' && c != '_' && c != '.') {
        return false;
      }
    }
    return true;
  }
}
