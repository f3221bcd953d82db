package io.refreshd.entra;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.Closer;

/**
 * The one connection of a probe, made leg by leg. It is closed when the time of the whole probe is
 * over, which ends whatever waits on it.
 */
final class ProbeConnection implements AutoCloseable {

  private final WireLimits limits;
  private final long deadline;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(ProbeConnection::thread);
  private volatile Socket socket = new Socket();

  ProbeConnection(WireLimits limits) {
    this.limits = limits;
    this.deadline = System.nanoTime() + limits.exchange().toNanos();
    var unused = timer.schedule(this::drop, limits.exchange().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The first address that takes the connection will do. */
  String open(HttpHost host, List<InetAddress> addresses) throws ProbeFailure {
    ProbeFailure failure = tooLong();
    for (InetAddress address : addresses) {
      String peer = address.getHostAddress() + ":" + host.getPort();
      Socket candidate = new Socket();
      socket = candidate;
      try {
        candidate.connect(new InetSocketAddress(address, host.getPort()), connectMillis());
        return peer;
      } catch (IOException e) {
        Closer.closeQuietly(candidate);
        failure = ProbeFailure.of(peer, e, limits.connect());
      }
      if (isOver()) {
        throw tooLong();
      }
    }
    throw failure;
  }

  /** From here on in TLS. The trust remembers what the server showed, also if this fails. */
  ServerIdentity secure(HttpHost host, RecordingTrust trust, Instant now) throws ProbeFailure {
    try {
      socket.setSoTimeout(connectMillis());
      SSLSocket secured =
          (SSLSocket)
              trust.sockets().createSocket(socket, host.getHostName(), host.getPort(), true);
      socket = secured;
      secured.startHandshake();
      List<X509Certificate> shown = trust.shown();
      verifyName(host.getHostName(), shown.get(0));
      return ServerIdentity.of(host.getHostName(), shown, secured.getSession().getProtocol());
    } catch (IOException e) {
      throw isOver() ? tooLong() : ProbeFailure.ofTls(e, trust.shown(), now);
    }
  }

  /** One request, and the head of its answer; the body is left on the wire. */
  ClassicHttpResponse exchange(ClassicHttpRequest request, String peer) throws ProbeFailure {
    Http1Config config =
        Http1Config.custom()
            .setMaxHeaderCount(limits.headerLines())
            .setMaxLineLength(limits.lineBytes())
            .build();
    try {
      socket.setSoTimeout(Math.toIntExact(limits.exchange().toMillis()));
      DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(config);
      connection.bind(socket);
      return new HttpRequestExecutor().execute(request, connection, HttpCoreContext.create());
    } catch (IOException | HttpException e) {
      throw isOver() ? tooLong() : ProbeFailure.of(peer, e, limits.exchange());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    drop();
  }

  /** Apart from the handshake, so that a wrong name is not taken for a wrong issuer. */
  private static void verifyName(String host, X509Certificate own) throws ProbeFailure {
    try {
      new DefaultHostnameVerifier().verify(host, own);
    } catch (SSLException e) {
      throw new ProbeFailure(
          ProbeTrouble.WRONG_NAME,
          "the server's certificate is not for "
              + (host + ", but for ")
              + Text.name(own.getSubjectX500Principal()));
    }
  }

  private void drop() {
    Closer.closeQuietly(socket);
  }

  private boolean isOver() {
    return deadline - System.nanoTime() <= 0;
  }

  private ProbeFailure tooLong() {
    return new ProbeFailure(
        ProbeTrouble.TIMED_OUT, "given up after " + Text.seconds(limits.exchange()));
  }

  private int connectMillis() {
    return Math.toIntExact(limits.connect().toMillis());
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "refreshd-probe");
    thread.setDaemon(true);
    return thread;
  }
}
