package io.refreshd.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.sun.management.OperatingSystemMXBean;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.entra.WireLimits;
import io.refreshd.grant.Cadence;
import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.grant.Secret;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Redemption;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.slf4j.LoggerFactory;

/**
 * What one redemption costs its client: CPU of this process and wall time per POST of a 1.2 KB form
 * with a 3.4 KB answer, on kept connections, for three HTTP clients and for the whole of {@link
 * EntraTokenRedeemer#redeem}. The endpoint runs in another process. Look at the ratios: the figures
 * are the machine's.
 *
 * <pre>
 * mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
 * java -cp target/test-classes:target/classes:$(cat target/test-classpath) io.refreshd.bench.HttpClientBench
 * </pre>
 *
 * Options: requests per round (3000), rounds (5).
 */
public final class HttpClientBench {

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final String TOKEN = "0123456789abcdef".repeat(75);
  private static final String FORM =
      "client_id=66666666-7777-8888-9999-000000000000&grant_type=refresh_token&refresh_token="
          + TOKEN;

  private final int requests;
  private final int rounds;

  private HttpClientBench(int requests, int rounds) {
    this.requests = requests;
    this.rounds = rounds;
  }

  public static void main(String[] args) throws Exception {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
    int requests = args.length > 0 ? Integer.parseInt(args[0]) : 3_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    HttpClientBench bench = new HttpClientBench(requests, rounds);
    Path folder = Files.createTempDirectory("refreshd-bench");
    SelfSigned tls = SelfSigned.in(folder);
    try (LoopbackEndpoint http = LoopbackEndpoint.start(null, 0);
        LoopbackEndpoint https = LoopbackEndpoint.start(tls, 0)) {
      bench.compare("http", http.base(), tls);
      bench.compare("https", https.base(), tls);
    } finally {
      Files.delete(tls.keystore());
      Files.delete(folder);
    }
  }

  /** What is measured: one request and its answer. */
  private interface Post extends Callable<Integer> {}

  /** Per request, in microseconds. */
  private record Cost(double cpu, double wall) {}

  private void compare(String title, URI base, SelfSigned tls) throws Exception {
    URI uri = URI.create(base + "/t/oauth2/v2.0/token");
    SSLContext trust = tls.sslContext();
    try (CloseableHttpClient apache = apache(trust);
        EntraTokenRedeemer redeemer =
            new EntraTokenRedeemer(Clock.systemUTC(), WireLimits.DEFAULTS, trust)) {
      Map<String, Post> posts = new LinkedHashMap<>();
      // one for all: connections are kept by it
      SSLSocketFactory sockets = trust.getSocketFactory();
      posts.put("Apache HttpClient 5 classic", () -> apache(apache, uri));
      posts.put("HttpURLConnection", () -> urlConnection(uri, sockets));
      HttpClient jdk =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(trust).build();
      posts.put("java.net.http", () -> jdk(jdk, uri));
      posts.put("redeem(), public", redeem(redeemer, base, new Client.NoCredential()));
      posts.put("redeem(), secret", redeem(redeemer, base, secret()));
      posts.put("redeem(), certificate", redeem(redeemer, base, certificate(tls)));
      for (int threads : new int[] {1, 16}) {
        print(title, threads, measure(posts, threads));
      }
    }
  }

  /** In turns, so that a noisy moment hits all; the median of the rounds. */
  private Map<String, Cost> measure(Map<String, Post> posts, int threads) throws Exception {
    for (Post post : posts.values()) {
      round(post, threads);
    }
    Map<String, List<Cost>> costs = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      for (Map.Entry<String, Post> post : posts.entrySet()) {
        costs
            .computeIfAbsent(post.getKey(), name -> new ArrayList<>())
            .add(round(post.getValue(), threads));
      }
    }
    Map<String, Cost> medians = new LinkedHashMap<>();
    costs.forEach((name, each) -> medians.put(name, median(each)));
    return medians;
  }

  private Cost round(Post post, int threads) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long cpu = SYSTEM.getProcessCpuTime();
      long wall = System.nanoTime();
      List<Future<Integer>> done = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        done.add(pool.submit(() -> many(post, requests / threads)));
      }
      for (Future<Integer> each : done) {
        each.get();
      }
      int count = requests / threads * threads;
      return new Cost(
          (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / count,
          (System.nanoTime() - wall) / 1e3 / count);
    } finally {
      pool.shutdown();
    }
  }

  private static int many(Post post, int count) throws Exception {
    int length = 0;
    for (int i = 0; i < count; i++) {
      length += post.call();
    }
    return length;
  }

  private static Cost median(List<Cost> costs) {
    double[] cpu = costs.stream().mapToDouble(Cost::cpu).sorted().toArray();
    double[] wall = costs.stream().mapToDouble(Cost::wall).sorted().toArray();
    return new Cost(cpu[cpu.length / 2], wall[wall.length / 2]);
  }

  private static void print(String title, int threads, Map<String, Cost> costs) {
    Cost apache = costs.values().iterator().next();
    System.out.printf("%n%s, %d in flight%n", title, threads);
    System.out.printf(
        "%-30s %12s %8s %14s %8s%n", "", "CPU ms each", "ratio", "requests/s", "ratio");
    costs.forEach(
        (name, cost) ->
            System.out.printf(
                "%-30s %12.3f %8.2f %14.0f %8.2f%n",
                name,
                cost.cpu() / 1e3,
                cost.cpu() / apache.cpu(),
                1e6 / cost.wall(),
                apache.wall() / cost.wall()));
  }

  private static CloseableHttpClient apache(SSLContext trust) {
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(
                    ClientTlsStrategyBuilder.create().setSslContext(trust).buildClassic())
                .setMaxConnPerRoute(64)
                .setMaxConnTotal(64)
                .build())
        .disableCookieManagement()
        .disableContentCompression()
        .disableAutomaticRetries()
        .build();
  }

  private static int apache(CloseableHttpClient client, URI uri) throws IOException {
    HttpPost post = new HttpPost(uri);
    post.setEntity(new StringEntity(FORM, ContentType.APPLICATION_FORM_URLENCODED));
    byte[] body = client.execute(post, response -> EntityUtils.toByteArray(response.getEntity()));
    return checked(body);
  }

  private static int urlConnection(URI uri, SSLSocketFactory sockets) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    if (connection instanceof HttpsURLConnection https) {
      https.setSSLSocketFactory(sockets);
    }
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
    try (OutputStream out = connection.getOutputStream()) {
      out.write(FORM.getBytes(StandardCharsets.US_ASCII));
    }
    try (var in = connection.getInputStream()) {
      return checked(in.readAllBytes());
    }
  }

  private static int jdk(HttpClient client, URI uri) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(FORM))
            .build();
    return checked(client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
  }

  private static int checked(byte[] body) {
    if (body.length < 3_000 || body[0] != '{') {
      throw new IllegalStateException(Arrays.toString(body));
    }
    return body.length;
  }

  private static Post redeem(EntraTokenRedeemer redeemer, URI base, Client.Credential credential) {
    Grant grant =
        new Grant(
            GrantName.parse("bench/live"),
            new TokenEndpoint.V2(
                base, "t", List.of("https://api.partnercenter.microsoft.com/user_impersonation")),
            new Client("66666666-7777-8888-9999-000000000000", credential),
            RefreshTokens.REUSABLE,
            new Cadence.Every(Duration.ofDays(7)),
            Duration.ofDays(90),
            null,
            null);
    RefreshToken token = RefreshToken.of(TOKEN);
    return () -> {
      Redemption redemption = redeemer.redeem(grant, token);
      if (redemption instanceof Redemption.Redeemed redeemed) {
        return redeemed.successor().reveal().length();
      }
      throw new IllegalStateException(redemption.toString());
    };
  }

  private static Client.Credential secret() {
    return new Client.ClientSecret(Secret.of("not-a-secret-but-as-long-as-one-is"));
  }

  private static Client.Credential certificate(SelfSigned tls) {
    return new Client.Certificate(tls.keystore(), Secret.of(SelfSigned.PASSWORD));
  }
}
