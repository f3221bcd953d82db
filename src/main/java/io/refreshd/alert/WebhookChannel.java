package io.refreshd.alert;

import io.refreshd.grant.Secret;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alerter.UndeliveredException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Posts alerts as JSON, once: no retry, no redirect. What is 2xx is delivered.
 *
 * <p>The URL is never shown beyond its host: many webhooks, for example those of Slack and Teams,
 * take whoever knows their path or query for authorised.
 */
public final class WebhookChannel implements Channel {

  /** A part of a path that is shorter is a word, and not a secret. */
  private static final int SHORTEST_SECRET = 8;

  private static final ContentType JSON = ContentType.create("application/json");

  private final String name;
  private final URI url;
  private final Format format;
  private final @Nullable Secret token;
  private final WebhookLimits limits;
  private final TimeLimit time;
  private final CloseableHttpClient client;

  /**
   * @param url http or https
   * @param token sent as {@code Authorization: Bearer}; {@code null} for none
   */
  public WebhookChannel(String name, URI url, Format format, @Nullable Secret token) {
    this(name, url, format, token, WebhookLimits.DEFAULTS, null);
  }

  /**
   * @param trust {@code null} for the trust of the JVM
   */
  WebhookChannel(
      String name,
      URI url,
      Format format,
      @Nullable Secret token,
      WebhookLimits limits,
      @Nullable SSLContext trust) {
    this.name = name;
    this.url = format.target(url);
    this.format = format;
    this.token = token;
    this.limits = limits;
    this.time = new TimeLimit(limits.whole());
    this.client = WebhookClient.of(limits, trust);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void deliver(Alert alert) throws UndeliveredException {
    time.run(new WebhookDelivery(client, post(alert), limits, new Quotation(secrets())));
  }

  private HttpPost post(Alert alert) {
    HttpPost post = new HttpPost(url);
    post.setEntity(new StringEntity(format.body(alert), JSON.withCharset(StandardCharsets.UTF_8)));
    if (token != null) {
      post.setHeader("Authorization", "Bearer " + token.reveal());
    }
    return post;
  }

  /** The token, and each part of the URL behind the host that may be one. */
  private List<String> secrets() {
    List<String> secrets = new ArrayList<>();
    if (token != null) {
      secrets.add(token.reveal());
    }
    String parts = url.getRawPath() + "?" + url.getRawQuery() + "#" + url.getRawFragment();
    for (String part : parts.split("[/?&=#]", -1)) {
      if (part.length() >= SHORTEST_SECRET) {
        secrets.add(part);
        secrets.add(URLDecoder.decode(part, StandardCharsets.UTF_8));
      }
    }
    return secrets;
  }

  @Override
  public void close() {
    time.close();
    client.close(CloseMode.IMMEDIATE);
  }
}
