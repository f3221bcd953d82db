package io.refreshd.alert;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.jspecify.annotations.Nullable;

/**
 * Says in our words what broke a post. Texts of libraries are taken only where they cannot hold a
 * piece of the request or the answer.
 */
final class WebhookTrouble {

  private static final int LONGEST_WAIT = 40;

  private WebhookTrouble() {}

  /** Why there is no answer. */
  static String of(IOException e, WebhookLimits limits) {
    if (e instanceof UnknownHostException) {
      return "the host's name cannot be looked up";
    }
    if (e instanceof ConnectTimeoutException) {
      return "no connection within " + Text.span(limits.connect());
    }
    if (e instanceof SocketTimeoutException) {
      return "no reply in time";
    }
    if (e instanceof ConnectException) {
      String text = String.valueOf(e.getMessage());
      return text.contains("refused") ? "connection refused" : "the network does not reach it";
    }
    if (e instanceof SSLException) {
      return "the TLS handshake failed: " + Text.line(String.valueOf(e.getMessage()), 160);
    }
    if (e instanceof NoHttpResponseException || e instanceof ConnectionClosedException) {
      return "it closed the connection without an answer";
    }
    return e instanceof SocketException
        ? "it reset the connection"
        : "the exchange broke (" + e.getClass().getSimpleName() + ")";
  }

  /** Why a proxy did not open the way, and what a person may do about it. */
  static String ofProxy(int status) {
    return "the proxy refused it ("
        + status
        + "): "
        + (status == 407
            ? "it wants a login, which refreshd has not; let this host through without one"
            : "check whether it lets this host through");
  }

  /**
   * What a person may do about a status; begins with a colon, or is empty.
   *
   * @param wait what the answer has as {@code Retry-After}
   */
  static String hint(int status, boolean token, @Nullable String wait) {
    return switch (status) {
      case 401, 403 -> token ? ": check the token" : ": check the URL; or it wants a token";
      case 404, 410 -> ": check the URL";
      case 301, 302, 303, 307, 308 -> ": redirects are not followed, check the URL";
      case 400, 422 -> ": check that the format is the one that this URL takes";
      case 429 -> ": too many requests" + (wait == null ? "" : ", try again " + when(wait));
      default -> wait == null ? "" : ": try again " + when(wait);
    };
  }

  /** Seconds or a date (RFC 9110 section 10.2.3). */
  private static String when(String wait) {
    String flat = Text.line(wait, LONGEST_WAIT);
    return flat.matches("[0-9]+") ? "in " + flat + " s" : "at " + flat;
  }
}
