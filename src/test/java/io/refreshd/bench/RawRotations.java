package io.refreshd.bench;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import tools.jackson.databind.ObjectMapper;

/**
 * The limit: posts a token, reads the answer, hands the new one to the writer and waits until it is
 * durable. The same HTTP client and the same durability as the product; no lease, no sealing, no
 * checks.
 *
 * <p>Arguments: URL of JDBC, endpoint, grants.
 */
final class RawRotations {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI endpoint;
  private final CloseableHttpClient http;
  private final RawWriter writer;
  private final String[] tokens;

  private RawRotations(URI endpoint, RawWriter writer, int grants) {
    this.endpoint = endpoint.resolve("/tenant/oauth2/v2.0/token");
    this.writer = writer;
    this.tokens = new String[grants];
    Arrays.fill(tokens, "1.first-token");
    this.http =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnPerRoute(64)
                    .setMaxConnTotal(64)
                    .build())
            .disableCookieManagement()
            .disableContentCompression()
            .disableAutomaticRetries()
            .build();
  }

  public static void main(String[] args) throws Exception {
    int grants = Integer.parseInt(args[2]);
    RoundServer.serve(
        grants,
        () ->
            new RawRotations(URI.create(args[1]), RawWriter.open(args[0], grants), grants)::rotate);
  }

  private void rotate(int grant) throws Exception {
    long at = System.nanoTime();
    HttpPost post = new HttpPost(endpoint);
    post.setEntity(new StringEntity(form(grant), ContentType.APPLICATION_FORM_URLENCODED));
    byte[] answer = http.execute(post, response -> EntityUtils.toByteArray(response.getEntity()));
    String token = JSON.readTree(answer).get("refresh_token").asString();
    writer.write(grant, token, System.nanoTime() - at);
    tokens[grant] = token;
  }

  private String form(int grant) {
    return "grant_type=refresh_token&client_id=66666666-7777-8888-9999-000000000000"
        + "&client_secret=bench-client-secret&scope=openid+profile+offline_access&refresh_token="
        + URLEncoder.encode(tokens[grant], StandardCharsets.UTF_8);
  }
}
