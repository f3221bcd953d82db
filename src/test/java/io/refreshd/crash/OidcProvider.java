package io.refreshd.crash;

import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.RefreshTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The certified server oidc-provider of npm, in a process of node: a token is spent by its
 * redemption, and presenting a spent one revokes its whole family.
 */
final class OidcProvider implements TokenServer {

  /** Where {@code npm install --prefix FOLDER oidc-provider@9} put it. */
  private static final Path INSTALLED =
      Path.of(System.getProperty("refreshd.oidc-provider", "target/oidc-provider"))
          .toAbsolutePath();

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final int port;
  private final HttpClient client = HttpClient.newHttpClient();

  OidcProvider(Path folder) throws IOException {
    Path script = folder.resolve("oidc-server.mjs");
    try (InputStream in =
        Objects.requireNonNull(OidcProvider.class.getResourceAsStream("oidc-server.mjs"))) {
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
    }
    process =
        new ProcessBuilder("node", script.toString(), INSTALLED.toString())
            .redirectError(folder.resolve("oidc-provider.err").toFile())
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.matches("[0-9]+")) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException(
          "oidc-provider did not start: "
              + Files.readString(folder.resolve("oidc-provider.err"), StandardCharsets.UTF_8));
    }
    port = Integer.parseInt(line);
  }

  static boolean isInstalled() {
    return Files.isDirectory(INSTALLED.resolve("node_modules/oidc-provider"));
  }

  @Override
  public String name() {
    return "oidc-provider";
  }

  @Override
  public RefreshTokens refreshTokens() {
    return RefreshTokens.SINGLE_USE;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String yaml() {
    return "token-endpoint: 'http://127.0.0.1:" + port + "/token', refresh-tokens: single-use";
  }

  @Override
  public RefreshToken consent(GrantName grant) throws IOException, InterruptedException {
    return RefreshToken.of(ask("consent?account=" + name(grant)).get("token").asString());
  }

  @Override
  public Chain chain(GrantName grant) throws IOException, InterruptedException {
    JsonNode chain = ask("chain?account=" + name(grant));
    JsonNode previous = chain.get("previous");
    return new Chain(
        chain.get("newest").asString(),
        previous.isNull() ? null : previous.asString(),
        chain.get("redemptions").asInt(),
        chain.get("requests").asInt());
  }

  @Override
  public void refuse(boolean all) throws IOException, InterruptedException {
    ask("refuse?on=" + all);
  }

  private static String name(GrantName grant) {
    return URLEncoder.encode(grant.toString(), StandardCharsets.UTF_8);
  }

  private JsonNode ask(String what) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/crash/" + what);
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
  }
}
