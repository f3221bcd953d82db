package io.refreshd.entra;

import java.util.Map;

/**
 * What msal4j makes of a redemption.
 *
 * @param headers as msal4j sets them
 * @param form {@code application/x-www-form-urlencoded}, without the refresh token
 */
record BuiltRequest(Map<String, String> headers, String form) {

  BuiltRequest {
    headers = Map.copyOf(headers);
  }

  /** Never shows the form: it holds the client's secret. */
  @Override
  public String toString() {
    return "BuiltRequest" + headers.keySet();
  }
}
