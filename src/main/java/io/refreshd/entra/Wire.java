package io.refreshd.entra;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
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
 * loop detection of Entra, AADSTS50196, goes by them), no authentication, no decompression.
 */
final class Wire implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
  private static final String STOPPING = "given up, refreshd is stopping";

  /** Bytes; Entra's are of 2 to 6 KiB. */
  private static final int USUAL_BODY = 8 * 1024;

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
    byte[] bytes = new byte[Math.min(limits.bodyBytes() + 1, USUAL_BODY)];
    int length = 0;
    String flaw = null;
    try {
      InputStream content = content(response.getEntity());
      // one byte more than allowed tells that there is more
      for (int read = 0; read >= 0 && length <= limits.bodyBytes(); length += Math.max(0, read)) {
        bytes = length == bytes.length ? enlarge(bytes) : bytes;
        read = content.read(bytes, length, bytes.length - length);
      }
      if (length > limits.bodyBytes()) {
        exchange.drop();
        flaw = tooLarge();
      }
    } catch (IOException | RuntimeException e) {
      flaw = WireTrouble.flaw(e, exchange);
    }
    Body body = Body.of(bytes, length);
    Arrays.fill(bytes, (byte) 0);
    return new Exchanged.Answer(response.getCode(), headers(response), body, flaw);
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

  private byte[] enlarge(byte[] bytes) {
    byte[] larger = Arrays.copyOf(bytes, Math.min(limits.bodyBytes() + 2, 2 * bytes.length));
    Arrays.fill(bytes, (byte) 0);
    return larger;
  }
}
