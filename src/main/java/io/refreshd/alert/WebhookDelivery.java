package io.refreshd.alert;

import io.refreshd.rotation.Alerter.UndeliveredException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.io.Closer;
import org.jspecify.annotations.Nullable;

/** One post of one alert. */
final class WebhookDelivery implements Delivery {

  private final CloseableHttpClient client;
  private final HttpPost post;
  private final WebhookLimits limits;
  private final Quotation quotation;
  private final String target;
  private volatile boolean mayHaveArrived;

  WebhookDelivery(
      CloseableHttpClient client, HttpPost post, WebhookLimits limits, Quotation quotation) {
    this.client = client;
    this.post = post;
    post.setEntity(new Sent(post.getEntity()));
    this.limits = limits;
    this.quotation = quotation;
    this.target = new HttpHost(post.getScheme(), post.getAuthority()).toURI();
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public void run() throws UndeliveredException {
    ClassicHttpResponse response = response();
    try {
      int status = response.getCode();
      if (!mayHaveArrived) {
        // nothing was sent: a proxy did not open the way, and this is its own answer
        throw new UndeliveredException(target + ": " + WebhookTrouble.ofProxy(status), false);
      }
      mayHaveArrived = isFailureAtWork(status);
      if (status < 200 || status > 299) {
        throw new UndeliveredException(refused(response), mayHaveArrived);
      }
    } finally {
      // first, or the rest of a large answer would be read before the connection is closed
      post.cancel();
      Closer.closeQuietly(response);
    }
  }

  /** The server, or one behind it, failed at it (RFC 9110 section 15.6), and not by plan. */
  private static boolean isFailureAtWork(int status) {
    return status >= 500 && status != 503;
  }

  /** The alert, which notes that it goes out. */
  private final class Sent extends HttpEntityWrapper {
    Sent(HttpEntity alert) {
      super(alert);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      mayHaveArrived = true;
      super.writeTo(out);
    }
  }

  @Override
  public boolean mayHaveArrived() {
    return mayHaveArrived;
  }

  @Override
  public void abort() {
    post.cancel();
  }

  private ClassicHttpResponse response() throws UndeliveredException {
    try {
      return client.executeOpen(null, post, null);
    } catch (IOException e) {
      throw new UndeliveredException(target + ": " + WebhookTrouble.of(e, limits), mayHaveArrived);
    }
  }

  private String refused(ClassicHttpResponse response) {
    int status = response.getCode();
    String hint = WebhookTrouble.hint(status, post.containsHeader("Authorization"), wait(response));
    return target + " answered " + status + quotation.firstLine(body(response)) + hint;
  }

  private static @Nullable String wait(ClassicHttpResponse response) {
    Header wait = response.getFirstHeader("Retry-After");
    return wait == null ? null : wait.getValue();
  }

  /** As much as came: an answer that breaks off says more than none. */
  private String body(ClassicHttpResponse response) {
    HttpEntity entity = response.getEntity();
    byte[] bytes = new byte[limits.bodyBytes()];
    int read = 0;
    try (InputStream content =
        entity == null ? InputStream.nullInputStream() : entity.getContent()) {
      for (int more = 0; more >= 0 && read < bytes.length; read += Math.max(0, more)) {
        more = content.read(bytes, read, bytes.length - read);
      }
    } catch (IOException e) {
      return text(bytes, read);
    }
    return text(bytes, read);
  }

  private static String text(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
