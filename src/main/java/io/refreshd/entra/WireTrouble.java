package io.refreshd.entra;

import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * Says in our words what broke an exchange. Texts of libraries are taken only where they cannot
 * hold a piece of the request or the answer.
 */
final class WireTrouble {

  private WireTrouble() {}

  /** Why there is no answer at all. */
  static String noAnswer(Exception raw, InFlight exchange, WireRequest request, WireLimits limits) {
    String endpoint = request.endpoint();
    Throwable e = root(raw);
    if (e instanceof TooLate) {
      return "nothing was sent to "
          + endpoint
          + ": this process stood still before, or its clock was set, and another one may have the"
          + " grant since";
    }
    if (!exchange.isCarried()) {
      return "no connection to " + endpoint + ": " + unconnected(e, exchange, limits);
    }
    String givenUp = exchange.givenUp();
    if (givenUp != null) {
      return "no answer of " + endpoint + ": " + givenUp;
    }
    return unanswered(e, endpoint);
  }

  /** The proxy did not open the tunnel, and gave us its own answer. */
  static String ofProxy(int status, WireRequest request) {
    return "no connection to " + request.endpoint() + ": the proxy refused it (" + status + ")";
  }

  /** Why the body of an answer is not whole; follows "the answer". */
  static String flaw(Exception raw, InFlight exchange) {
    String givenUp = exchange.givenUp();
    return givenUp != null
        ? "was not whole: " + givenUp
        : "broke off before its end (" + name(root(raw)) + ")";
  }

  private static String unconnected(Throwable e, InFlight exchange, WireLimits limits) {
    String givenUp = exchange.givenUp();
    if (givenUp != null) {
      return givenUp;
    }
    if (e instanceof UnknownHostException) {
      return "the host's name cannot be looked up";
    }
    if (e instanceof ConnectTimeoutException || e instanceof SocketTimeoutException) {
      return "no reply within " + Text.seconds(limits.connect());
    }
    if (e instanceof ConnectException) {
      String text = String.valueOf(e.getMessage());
      return text.contains("refused") ? "connection refused" : "the network does not reach it";
    }
    if (e instanceof SSLException) {
      return "the TLS handshake failed: " + Text.line(String.valueOf(e.getMessage()), 160);
    }
    return name(e);
  }

  private static String unanswered(Throwable e, String endpoint) {
    if (e instanceof NoHttpResponseException || e instanceof ConnectionClosedException) {
      return endpoint + " closed the connection without an answer";
    }
    if (e instanceof MessageConstraintException) {
      return "the headers of " + endpoint + "'s answer are too many or too long";
    }
    if (e instanceof HttpException) {
      return "the answer of " + endpoint + " is not valid HTTP";
    }
    return e instanceof SocketException
        ? endpoint + " reset the connection before it answered"
        : "the exchange with " + endpoint + " broke (" + name(e) + ")";
  }

  /** HTTP troubles come wrapped. */
  private static Throwable root(Exception e) {
    Throwable cause = e.getCause();
    return e instanceof ClientProtocolException && cause != null ? cause : e;
  }

  private static String name(Throwable e) {
    return e.getClass().getSimpleName();
  }
}
