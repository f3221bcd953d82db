package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.sandbox.Chain;
import io.refreshd.sandbox.Sandbox;
import io.refreshd.sandbox.SandboxClient;
import io.refreshd.sandbox.SandboxSettings;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A folder with a store of three grants: {@code market/live} of a server whose tokens are reusable,
 * {@code idp/main} and {@code idp/quiet} of one whose tokens are for single use.
 */
final class RestoreWorld implements AutoCloseable {

  static final List<String> GRANTS = List.of("market/live", "idp/main", "idp/quiet");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DIRECTORY = "11111111-2222-3333-4444-555555555555";
  private static final String CLIENT = "66666666-7777-8888-9999-000000000000";
  private static final String SECRET = "the-secret";

  final Path folder;
  final MutableClock clock = new MutableClock();
  final Sandbox sandbox;
  final Terminal terminal;

  RestoreWorld(Path folder) throws IOException {
    this.folder = folder;
    sandbox = Sandbox.start(0, SandboxSettings.DEFAULT, clock);
    for (String tenant : List.of(DIRECTORY, Sandbox.PLAIN)) {
      sandbox.register(SandboxClient.withSecret(tenant, CLIENT, SECRET));
    }
    Files.writeString(file("secret"), SECRET);
    configure("market", "idp");
    terminal =
        new Terminal(folder, clock).with("REFRESHD_CONFIG", file("refreshd.yaml").toString());
  }

  /** Names the tenants in the configuration. */
  void configure(String... tenants) throws IOException {
    Map<String, String> all = new TreeMap<>();
    all.put(
        "market",
        "{ name: market, authority: '%s', tenant-id: %s, client-id: %s, client-secret: file:secret,"
                .formatted(sandbox.authority(), DIRECTORY, CLIENT)
            + " grants: [{ name: live, scopes: [a] }] }");
    all.put(
        "idp",
        "{ name: idp, token-endpoint: '%s', refresh-tokens: single-use, client-id: %s,"
                .formatted(sandbox.plainEndpoint(), CLIENT)
            + " client-secret: file:secret,"
            + " grants: [{ name: main, scopes: [a] }, { name: quiet, scopes: [a] }] }");
    StringBuilder yaml = new StringBuilder("store: { url: 'jdbc:sqlite:refreshd.db' }\ntenants:\n");
    for (String tenant : tenants) {
      yaml.append("  - ").append(all.get(tenant)).append('\n');
    }
    Files.writeString(file("refreshd.yaml"), yaml.toString());
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  void bringInAll() {
    for (String grant : GRANTS) {
      bringIn(grant);
    }
  }

  void bringIn(String grant) {
    Terminal.Result result = terminal.runWith(issue(grant), "import", grant);
    assertThat(result.exit()).as(result.err()).isZero();
  }

  /** A token of its server that refreshd has not seen yet. */
  String issue(String grant) {
    return sandbox.issueRefreshToken(tenant(grant), CLIENT, grant);
  }

  private static String tenant(String grant) {
    return grant.startsWith("idp/") ? Sandbox.PLAIN : DIRECTORY;
  }

  Chain chain(String grant) {
    return sandbox.chain(tenant(grant), CLIENT, grant);
  }

  /** Runs a command that is to succeed. */
  Terminal.Result succeed(String... arguments) {
    Terminal.Result result = terminal.run(arguments);
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    return result;
  }

  Terminal.Result fail(String... arguments) {
    Terminal.Result result = terminal.run(arguments);
    assertThat(result.exit()).as(result.out() + result.err()).isEqualTo(Refreshd.FAILED);
    assertThat(result.err()).doesNotContain("\tat ");
    return result;
  }

  JsonNode status(String grant) {
    return JSON.readTree(succeed("status", "--json", grant).out()).get("grants").get(0);
  }

  String state(String grant) {
    return status(grant).get("state").asString();
  }

  List<JsonNode> log(String... arguments) {
    String[] all =
        Stream.concat(Stream.of("log", "--json"), Stream.of(arguments)).toArray(String[]::new);
    return succeed(all).lines().stream().map(JSON::readTree).toList();
  }

  /** As a person would with cp: the database alone. */
  void copy(String from, String to) throws IOException {
    Files.copy(file(from), file(to), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Loses the database, and nothing beside it. */
  void loseStore() throws IOException {
    Files.delete(file("refreshd.db"));
    Files.deleteIfExists(file("refreshd.db-wal"));
    Files.deleteIfExists(file("refreshd.db-shm"));
  }

  /** The names of all files, the lock aside. */
  List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
