package io.refreshd.entra;

import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.TokenEndpoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The form to send, {@code application/x-www-form-urlencoded}: completes what msal4j builds, puts
 * the refresh token in, and fits what is meant for Entra's v2 endpoint to the others. It is in
 * memory of its own, which can be wiped.
 */
final class TokenForm {

  private static final String TOKEN = "&refresh_token=";

  /** By code point: looked up, for each character of each token is asked about. */
  private static final boolean[] PLAIN = new boolean[128];

  static {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
        .chars()
        .forEach(c -> PLAIN[c] = true);
  }

  private final byte[] bytes;

  private TokenForm(byte[] bytes) {
    this.bytes = bytes;
  }

  /** What msal4j built, without the pair that held its stand-in for the token. */
  static String withoutToken(String built) {
    return without(built, List.of("refresh_token="));
  }

  /**
   * The form to send.
   *
   * @param built by msal4j, {@link #withoutToken without a token}
   */
  static TokenForm of(TokenEndpoint endpoint, RefreshToken token, String built) {
    String start = fitted(endpoint, built) + TOKEN;
    String value = encoded(token.reveal());
    byte[] bytes = new byte[start.length() + value.length()];
    put(start, bytes, 0);
    put(value, bytes, start.length());
    return new TokenForm(bytes);
  }

  /** Leaves no copy behind. All of it is ASCII. */
  private static void put(String ascii, byte[] bytes, int at) {
    byte[] copy = ascii.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(copy, 0, bytes, at, copy.length);
    Arrays.fill(copy, (byte) 0);
  }

  byte[] bytes() {
    return bytes;
  }

  /** Once it was sent, or will not be. */
  void wipe() {
    Arrays.fill(bytes, (byte) 0);
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
    return name + "=" + encoded(value);
  }

  /** As it stands in a form. */
  static String encoded(String value) {
    return isPlain(value) ? value : URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** Of letters, digits and what stands for itself in a form: as most tokens are. */
  static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= PLAIN.length || !PLAIN[c]) {
        return false;
      }
    }
    return true;
  }
}
