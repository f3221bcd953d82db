package io.refreshd.entra;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.Closer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts a form and takes the raw answer, within limits, once: no retry, no redirect, no cookie (the
 * loop detection of Entra, AADSTS50196, goes by them), no authentication. It asks for no
 * compression, and undoes gzip all the same: a single-use server gives its token but once.
 */
final class Wire implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
  private static final String STOPPING = "given up, refreshd is stopping";

  private final WireLimits limits;
  private final Watchdog watchdog;
  private final NameLookup names;
  private final CloseableHttpClient keeping;
  private final CloseableHttpClient fresh;
  private volatile boolean closed;

  /**
   * @param trust {@code null} for the trust of the JVM
   */
  Wire(WireLimits limits, @Nullable SSLContext trust) {
    this.limits = limits;
    this.watchdog = new Watchdog(limits.exchange());
    this.names = new NameLookup(limits.connect());
    HttpClients clients = new HttpClients(limits, names, trust);
    this.keeping = clients.keeping();
    this.fresh = clients.fresh();
  }

  /**
   * Whatever happens is the result, never an exception.
   *
   * @param isTooLate asked once it is connected: whether nothing may be sent any more
   */
  Exchanged post(WireRequest request, BooleanSupplier isTooLate) {
    long deadline = System.nanoTime() + limits.exchange().toNanos();
    InFlight exchange = new InFlight(httpPost(request), deadline, isTooLate);
    try {
      watchdog.watch(exchange);
      if (closed) {
        exchange.giveUp(STOPPING);
      }
      return execute(request, exchange);
    } catch (IOException | RuntimeException e) {
      String why = WireTrouble.noAnswer(e, exchange, request, limits);
      return new Exchanged.NoAnswer(why, exchange.isCarried());
    } finally {
      watchdog.release(exchange);
    }
  }

  /** Ends all exchanges in flight; their callers get an outcome at once. */
  @Override
  public void close() {
    closed = true;
    watchdog.giveUpAll(STOPPING);
    keeping.close(CloseMode.IMMEDIATE);
    fresh.close(CloseMode.IMMEDIATE);
    names.close();
    watchdog.close();
  }

  private static HttpPost httpPost(WireRequest request) {
    HttpPost post = new HttpPost(request.uri());
    request.headers().forEach(post::setHeader);
    post.setHeader("Accept", "application/json");
    // without it any compression would be welcome (RFC 9110, section 12.5.3)
    post.setHeader("Accept-Encoding", "identity");
    post.setEntity(
        new ByteArrayEntity(request.form().bytes(), ContentType.APPLICATION_FORM_URLENCODED));
    return post;
  }

  private Exchanged execute(WireRequest request, InFlight exchange) throws IOException {
    HttpClientContext context = HttpClientContext.create();
    context.setAttribute(InFlight.ATTRIBUTE, exchange);
    ClassicHttpResponse response = open(request, exchange, context);
    try {
      return exchange.isCarried()
          ? answer(response, exchange)
          : new Exchanged.NoAnswer(WireTrouble.ofProxy(response.getCode(), request), false);
    } finally {
      // what we have, we have: trouble with the connection afterwards does not undo it
      Closer.closeQuietly(response);
    }
  }

  /** A kept connection is refused before anything is sent on it; a new one has no past. */
  private ClassicHttpResponse open(
      WireRequest request, InFlight exchange, HttpClientContext context) throws IOException {
    if (!request.freshConnection()) {
      try {
        return keeping.executeOpen(null, exchange.post(), context);
      } catch (UnaskedInput e) {
        LOG.debug("{}: {}", request.endpoint(), e.getMessage());
      }
    }
    return fresh.executeOpen(null, exchange.post(), context);
  }

  private Exchanged.Answer answer(ClassicHttpResponse response, InFlight exchange) {
    Intake taken = new Intake(limits.bodyBytes());
    String flaw = null;
    try {
      taken.take(content(response.getEntity()));
      if (taken.isTooLarge()) {
        exchange.drop();
        flaw = tooLarge();
      }
    } catch (IOException | RuntimeException e) {
      flaw = WireTrouble.flaw(e, exchange);
    }
    Intake plain = taken.isGzip() ? new Intake(limits.bodyBytes()) : taken;
    String packed = plain.equals(taken) ? null : unpacked(taken, plain);
    Body body = plain.body();
    taken.wipe();
    plain.wipe();
    String first = flaw == null ? packed : flaw;
    return new Exchanged.Answer(response.getCode(), headers(response), body, first);
  }

  /** What is wrong with it; {@code null} if nothing is. What is good of it counts all the same. */
  private @Nullable String unpacked(Intake packed, Intake plain) {
    try {
      packed.unpack(plain);
      return plain.isTooLarge() ? tooLarge() : null;
    } catch (IOException e) {
      return "is compressed (gzip), which was not asked for, and not whole";
    }
  }

  private static InputStream content(@Nullable HttpEntity entity) throws IOException {
    return entity == null ? InputStream.nullInputStream() : entity.getContent();
  }

  private String tooLarge() {
    return String.format(Locale.ROOT, "is larger than %,d bytes", limits.bodyBytes());
  }

  private static Map<String, String> headers(ClassicHttpResponse response) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : response.getHeaders()) {
      String value = header.getValue();
      if (value != null) {
        headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), value);
      }
    }
    return headers;
  }
}
