package io.refreshd.entra;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Why a step of the way could not be taken; the message is for a person. */
final class ProbeFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final ProbeTrouble trouble;

  ProbeFailure(ProbeTrouble trouble, String why) {
    super(why);
    this.trouble = trouble;
  }

  ProbeTrouble trouble() {
    return trouble;
  }

  /** Of a look-up. */
  static ProbeFailure ofName(String host, UnknownHostException e) {
    if (e.getCause() instanceof TimeoutException) {
      return new ProbeFailure(ProbeTrouble.TIMED_OUT, "no name server told the address of " + host);
    }
    // the JDK has no other way to say that it did not get an answer
    boolean unanswered = String.valueOf(e.getCause()).contains("Temporary failure");
    return new ProbeFailure(
        ProbeTrouble.UNKNOWN_NAME,
        unanswered
            ? "no name server answered for " + host
            : "there is no host of the name " + host);
  }

  /** Of a connection, a tunnel or an exchange. */
  static ProbeFailure of(String peer, Exception e, Duration limit) {
    if (e instanceof SocketTimeoutException) {
      return new ProbeFailure(
          ProbeTrouble.TIMED_OUT, "no reply of " + peer + " within " + Text.seconds(limit));
    }
    if (e instanceof ConnectException && String.valueOf(e.getMessage()).contains("refused")) {
      return new ProbeFailure(ProbeTrouble.REFUSED, peer + " refused the connection");
    }
    return e instanceof ConnectException || e instanceof NoRouteToHostException
        ? new ProbeFailure(ProbeTrouble.UNREACHABLE, "the network does not reach " + peer)
        : new ProbeFailure(
            ProbeTrouble.NO_ANSWER,
            peer + " gave no HTTP answer (" + e.getClass().getSimpleName() + ")");
  }

  /**
   * Of a handshake.
   *
   * @param shown what the server showed before it failed, its own certificate first
   */
  static ProbeFailure ofTls(IOException e, List<X509Certificate> shown, Instant now) {
    if (e instanceof SocketTimeoutException) {
      return new ProbeFailure(ProbeTrouble.TIMED_OUT, "the TLS handshake took too long");
    }
    if (shown.isEmpty() || !isAboutCertificates(e)) {
      return new ProbeFailure(
          ProbeTrouble.TLS_PROTOCOL,
          "the TLS handshake failed: " + Text.line(String.valueOf(e.getMessage()), 160));
    }
    X509Certificate own = shown.get(0);
    if (now.isAfter(own.getNotAfter().toInstant())) {
      return new ProbeFailure(
          ProbeTrouble.EXPIRED,
          "the server's certificate has expired on " + own.getNotAfter().toInstant());
    }
    if (now.isBefore(own.getNotBefore().toInstant())) {
      return new ProbeFailure(
          ProbeTrouble.NOT_YET_VALID,
          "the server's certificate is not valid before " + own.getNotBefore().toInstant());
    }
    return new ProbeFailure(
        ProbeTrouble.UNTRUSTED_ISSUER,
        "this JVM does not trust the issuer of the server's certificate, "
            + Text.name(own.getIssuerX500Principal()));
  }

  private static boolean isAboutCertificates(Throwable e) {
    Throwable cause = e;
    while (cause != null && !(cause instanceof CertificateException)) {
      cause = cause.getCause();
    }
    return cause != null;
  }
}
