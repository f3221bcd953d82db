package io.refreshd.crash;

import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.RefreshTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.ObjectMapper;

/**
 * The mock-oauth2-server of navikt, in a process and with a class path of its own: its libraries
 * and the daemon's are of other versions. A token is spent by its redemption.
 */
final class MockOauth2Server implements TokenServer {

  /** Where Maven put it and its libraries. */
  private static final Path INSTALLED =
      Path.of(System.getProperty("refreshd.mock-oauth2-server", "target/mock-oauth2-server"))
          .toAbsolutePath();

  /** Whoever signs in is the same person: refreshd does not take another one's token. */
  private static final String CONFIG =
      """
      {
        "interactiveLogin": false,
        "rotateRefreshToken": true,
        "tokenCallbacks": [{
          "issuerId": "crash",
          "tokenExpiry": 3600,
          "requestMappings": [
            {"requestParam": "client_id", "match": "keeper", "claims": {"sub": "a person"}}
          ]
        }]
      }
      """;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");

  private final Process process;
  private final URI base;
  private final HttpClient client = HttpClient.newHttpClient();
  private final RecordingFront front;

  MockOauth2Server(Path folder) throws IOException, InterruptedException {
    int port = freePort();
    base = URI.create("http://127.0.0.1:" + port + "/crash/");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            INSTALLED.resolve("*").toString(),
            "no.nav.security.mock.oauth2.StandaloneMockOAuth2ServerKt");
    builder.environment().put("SERVER_PORT", Integer.toString(port));
    builder.environment().put("SERVER_HOSTNAME", "127.0.0.1");
    builder.environment().put("JSON_CONFIG", CONFIG);
    Path log = folder.resolve("mock-oauth2-server.log");
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    awaitUp(log);
    front = new RecordingFront(base.resolve("token"));
  }

  /** It takes no free port by itself. */
  private static int freePort() throws IOException {
    try (ServerSocket socket =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return socket.getLocalPort();
    }
  }

  private void awaitUp(Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + Victim.PATIENCE.toNanos();
    while (!isUp()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new IOException("mock-oauth2-server did not start: " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(50); // another process is waited for
    }
  }

  private boolean isUp() throws InterruptedException {
    try {
      return get("/isalive").statusCode() == 200;
    } catch (IOException e) {
      return false; // it does not listen yet
    }
  }

  static boolean isInstalled() {
    return Files.isDirectory(INSTALLED);
  }

  @Override
  public String name() {
    return "mock-oauth2-server";
  }

  @Override
  public RefreshTokens refreshTokens() {
    return RefreshTokens.SINGLE_USE;
  }

  @Override
  public int port() {
    return front.port();
  }

  @Override
  public String yaml() {
    return "token-endpoint: 'http://127.0.0.1:" + port() + "/token', refresh-tokens: single-use";
  }

  /** By the authorization-code flow, as a browser goes through it. */
  @Override
  public RefreshToken consent(GrantName grant) throws IOException, InterruptedException {
    String redirect = "redirect_uri=http%3A%2F%2F127.0.0.1%2Fcb&scope=openid+offline_access";
    HttpResponse<String> signedIn =
        get("authorize?response_type=code&state=s&client_id=" + CLIENT + "&" + redirect);
    Matcher code = CODE.matcher(signedIn.headers().firstValue("location").orElse(""));
    if (!code.find()) {
      throw new IOException("no code came: " + signedIn.body());
    }
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve("token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "grant_type=authorization_code&client_id=%s&client_secret=%s&code=%s&%s"
                        .formatted(CLIENT, SECRET, code.group(1), redirect)))
            .build();
    String answer = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    String token = JSON.readTree(answer).get("refresh_token").asString();
    front.begin(grant.toString(), token);
    return RefreshToken.of(token);
  }

  private HttpResponse<String> get(String what) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(base.resolve(what)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public Chain chain(GrantName grant) {
    return front.chain(grant.toString());
  }

  @Override
  public void refuse(boolean all) {
    front.refuse(all);
  }

  @Override
  public void close() {
    front.close();
    process.destroyForcibly();
  }
}
