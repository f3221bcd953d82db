package io.refreshd.it;

import static java.util.stream.Collectors.joining;

import io.refreshd.config.Config;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.LogProof;
import io.refreshd.sandbox.Chain;
import io.refreshd.sandbox.Sandbox;
import io.refreshd.sandbox.SandboxClient;
import io.refreshd.sandbox.SandboxSettings;
import io.refreshd.store.RunLock;
import io.refreshd.store.SqliteLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Grants of a server with reusable tokens, {@code many/…}, and of one with single-use tokens,
 * {@code once/…}, both behind a gate; and a folder in which refreshd processes keep them alive.
 */
final class GatedWorld implements AutoCloseable {

  private static final String DIRECTORY = "11111111-2222-3333-4444-555555555555";
  private static final String CLIENT = "keeper";
  private static final String SECRET = "keeper-secret";

  private final Clock clock = Clock.systemUTC();
  private final Path folder;
  private final int grants;
  private final Sandbox sandbox = Sandbox.start(0, SandboxSettings.DEFAULT, clock);
  final GatedServer gate = new GatedServer(sandbox);

  /**
   * A world whose grants have no token yet.
   *
   * @param grants how many of each kind
   * @param defaults of the YAML, as {@code rotate-every: 7d}
   */
  GatedWorld(Path folder, int grants, String defaults) throws IOException {
    this.folder = folder;
    this.grants = grants;
    sandbox.register(SandboxClient.withSecret(DIRECTORY, CLIENT, SECRET));
    sandbox.register(SandboxClient.withSecret(Sandbox.PLAIN, CLIENT, SECRET));
    Files.writeString(folder.resolve("secret"), SECRET);
    configure("defaults: { " + defaults + " }\n");
  }

  /** The next reading finds this before the tenants. */
  void configure(String top) throws IOException {
    String names =
        IntStream.range(0, grants)
            .mapToObj(number -> "{ name: g" + number + ", scopes: [a] }")
            .collect(joining(", "));
    Files.writeString(
        config(),
        """
        store: { url: 'jdbc:sqlite:refreshd.db' }
        %stenants:
          - name: many
            authority: '%s'
            tenant-id: %s
            client-id: %s
            client-secret: file:secret
            grants: [%s]
          - name: once
            token-endpoint: '%s/oauth2/token'
            refresh-tokens: single-use
            client-id: %s
            client-secret: file:secret
            grants: [%s]
        """
            .formatted(
                top, gate.authority(), DIRECTORY, CLIENT, names, gate.authority(), CLIENT, names));
  }

  private Path config() {
    return folder.resolve("refreshd.yaml");
  }

  private Config load() throws Exception {
    return Assembly.loader(Map.of(), folder, clock).load(config(), References.RESOLVE);
  }

  /** A person consents to each grant; the token is redeemed at once, or is due at once. */
  void bringInAll(boolean redeem) throws Exception {
    Config config = load();
    try (Assembly assembly = Assembly.writing(config, clock)) {
      for (Grant grant : config.grants()) {
        RefreshToken token = RefreshToken.of(consent(grant.name().toString()));
        var unused = assembly.bringIn(grant, new Import(token, null, null, redeem, false));
      }
    }
  }

  /** A person consents: the first token of a new chain. */
  String consent(String grant) {
    return sandbox.issueRefreshToken(tenant(grant), CLIENT, grant);
  }

  Chain chain(String grant) {
    return sandbox.chain(tenant(grant), CLIENT, grant);
  }

  private static String tenant(String grant) {
    return grant.startsWith("once/") ? Sandbox.PLAIN : DIRECTORY;
  }

  /** First {@code many/g0} and {@code once/g0}, and so on. */
  List<String> names() {
    return IntStream.range(0, grants)
        .boxed()
        .flatMap(number -> Stream.of("many/g" + number, "once/g" + number))
        .toList();
  }

  /** In the order of the names. */
  List<Chain> chains() {
    return names().stream().map(this::chain).toList();
  }

  List<GrantStatus> status() throws Exception {
    try (Assembly assembly = Assembly.reading(load(), clock)) {
      return assembly.status(clock.instant());
    }
  }

  LogProof verifyLog() throws Exception {
    try (Assembly assembly = Assembly.reading(load(), clock)) {
      return assembly.verifyLog();
    }
  }

  RefreshdProcess start(String... arguments) {
    return RefreshdProcess.start(folder, environment(), arguments);
  }

  /** Starts a command in a process whose clock is off. */
  RefreshdProcess startOff(Duration off, String... arguments) {
    return RefreshdProcess.startOff(off, folder, environment(), arguments);
  }

  /** Whether so many processes at once have made ready to lease. */
  boolean isSpoolThere(int number) {
    Path spool = folder.resolve("refreshd.db.spool-" + number);
    return Files.exists(spool) && spool.toFile().length() > 0;
  }

  /** Starts a command whose standard output nobody reads. */
  RefreshdProcess startUnread(String... arguments) {
    return RefreshdProcess.startUnread(folder, environment(), arguments);
  }

  RefreshdProcess.Result run(String input, String... arguments) {
    return RefreshdProcess.run(folder, environment(), input, arguments);
  }

  Map<String, String> environment() {
    return Map.of("REFRESHD_CONFIG", config().toString());
  }

  /** Whether a daemon has begun to start, or runs. */
  boolean isDaemonThere() {
    return RunLock.isTaken(new SqliteLocation(store(), folder.resolve("refreshd.key")));
  }

  private Path store() {
    return folder.resolve("refreshd.db");
  }

  /** Keeps everybody from writing to the store until it is closed. */
  Connection lockStore() throws SQLException {
    return execute("BEGIN IMMEDIATE");
  }

  /** From now on the store takes leases and no generation. */
  Connection breakStore() throws SQLException {
    return execute(
        "CREATE TRIGGER broken BEFORE UPDATE OF token ON grants BEGIN SELECT RAISE(ABORT, 'broken'); END");
  }

  void mendStore() throws SQLException {
    execute("DROP TRIGGER IF EXISTS broken").close();
  }

  private Connection execute(String sql) throws SQLException {
    Connection connection = connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
    return connection;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + store() + "?busy_timeout=60000");
  }

  @Override
  public void close() {
    gate.close();
    sandbox.close();
  }
}
