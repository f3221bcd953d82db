package io.refreshd.grant;

/** What a server does with a refresh token that was redeemed. */
public enum RefreshTokens {
  /** It lives on until its own end (Entra): presenting it again is safe. */
  REUSABLE,
  /** It is spent; presenting it again revokes the whole chain (RFC 9700 section 4.14.2). */
  SINGLE_USE
}
