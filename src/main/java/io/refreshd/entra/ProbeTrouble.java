package io.refreshd.entra;

import java.util.Locale;

/** What keeps a step of the way to an endpoint from being taken. */
public enum ProbeTrouble {
  /**
   * The host's name, or that of the proxy, cannot be looked up: no such name, or no name server.
   */
  UNKNOWN_NAME,
  /** The host is there, but nothing listens on the port, or a firewall says so. */
  REFUSED,
  /** No route to the host. */
  UNREACHABLE,
  /** No reply in time: a firewall that drops, a host that is down. */
  TIMED_OUT,
  /** The proxy did not open the way. */
  PROXY,
  /** Nobody whom this JVM trusts vouches for the server's certificate. */
  UNTRUSTED_ISSUER,
  /** The server's certificate is for other names. */
  WRONG_NAME,
  /** The server's certificate has expired, by our clock. */
  EXPIRED,
  /** The server's certificate is not valid yet, by our clock. */
  NOT_YET_VALID,
  /** No TLS is spoken there, or none that both sides know. */
  TLS_PROTOCOL,
  /** The connection stands, but no HTTP answer came. */
  NO_ANSWER;

  /** The word for it in texts: {@code untrusted-issuer}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
