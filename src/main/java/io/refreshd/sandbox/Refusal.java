package io.refreshd.sandbox;

import org.jspecify.annotations.Nullable;

/** Why a request gets no token, as the server says it. Ends the handling of the request. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String error;
  private final int code;
  private final @Nullable String suberror;
  private final @Nullable String claims;

  /**
   * A refusal.
   *
   * @param status of the answer
   * @param error the OAuth error code
   * @param code the AADSTS number
   * @param text what follows the number
   */
  Refusal(int status, String error, int code, String text) {
    this(status, error, code, text, null, null);
  }

  Refusal(
      int status,
      String error,
      int code,
      String text,
      @Nullable String suberror,
      @Nullable String claims) {
    super(text, null, false, false);
    this.status = status;
    this.error = error;
    this.code = code;
    this.suberror = suberror;
    this.claims = claims;
  }

  int status() {
    return status;
  }

  String error() {
    return error;
  }

  int code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  @Nullable String suberror() {
    return suberror;
  }

  @Nullable String claims() {
    return claims;
  }
}
