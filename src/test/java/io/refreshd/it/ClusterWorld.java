package io.refreshd.it;

import io.refreshd.config.Config;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Import;
import io.refreshd.sandbox.Chain;
import io.refreshd.sandbox.Sandbox;
import io.refreshd.sandbox.SandboxClient;
import io.refreshd.sandbox.SandboxSettings;
import io.refreshd.sandbox.Trouble;
import io.refreshd.sandbox.Troubles;
import io.refreshd.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A database and several daemons on it, each with files of its own as on a machine of its own. Most
 * grants are reusable, as Entra's; those of one tenant are for single use.
 */
final class ClusterWorld implements AutoCloseable {

  private static final String TENANT = "11111111-2222-3333-4444-555555555555";
  private static final String CLIENT = "66666666-7777-8888-9999-000000000000";
  private static final String SECRET = "the-clients-secret";
  private static final Clock CLOCK = Clock.systemUTC();

  private final Path folder;
  private final int tenants;
  private final int singleUse;
  private final String url = PostgresServer.newSchema();
  private final Sandbox sandbox;

  /**
   * Brings the grants in; no daemon runs yet.
   *
   * @param answersAfter how long the endpoint takes
   */
  ClusterWorld(Path folder, int tenants, int singleUse, Duration rotateEvery, Duration answersAfter)
      throws Exception {
    this.folder = folder;
    this.tenants = tenants;
    this.singleUse = singleUse;
    Duration lifetime = Duration.ofMinutes(10);
    sandbox = Sandbox.start(0, SandboxSettings.DEFAULT.withLifetime(lifetime), CLOCK);
    sandbox.register(SandboxClient.withSecret(TENANT, CLIENT, SECRET));
    sandbox.register(SandboxClient.withSecret(Sandbox.PLAIN, CLIENT, SECRET));
    Files.writeString(folder.resolve("secret"), SECRET);
    Files.writeString(config(), yaml(rotateEvery, lifetime));
    bringIn();
    sandbox.troubles().begin(new Troubles.Everyone(), new Trouble.Slow(answersAfter));
  }

  private Path config() {
    return folder.resolve("refreshd.yaml");
  }

  private String yaml(Duration rotateEvery, Duration lifetime) {
    StringBuilder yaml =
        new StringBuilder(
            """
            store: { url: '%s', username: postgres, key: 'file:refreshd.key' }
            defaults:
              authority: %s
              tenant-id: %s
              client-id: %s
              client-secret: file:secret
              rotate-every: %ds
              lifetime: %ds
            tenants:
            """
                .formatted(
                    url.replace("user=postgres&", ""),
                    sandbox.authority(),
                    TENANT,
                    CLIENT,
                    rotateEvery.toSeconds(),
                    lifetime.toSeconds()));
    for (int tenant = 1; tenant <= tenants; tenant++) {
      yaml.append("  - name: market-" + tenant + "\n");
      yaml.append("    grants: [{ name: live, scopes: [a] }, { name: sandbox, scopes: [a] }]\n");
    }
    yaml.append("  - name: once\n    token-endpoint: " + sandbox.plainEndpoint() + "\n");
    yaml.append("    refresh-tokens: single-use\n    grants:\n");
    for (int grant = 1; grant <= singleUse; grant++) {
      yaml.append("      - { name: g" + grant + ", scopes: [a] }\n");
    }
    return yaml.toString();
  }

  private void bringIn() throws Exception {
    Config config = load();
    try (Assembly assembly = Assembly.writing(config, CLOCK)) {
      for (Grant grant : config.grants()) {
        String name = grant.name().toString();
        String token = sandbox.issueRefreshToken(directory(grant.isSingleUse()), CLIENT, name);
        var unused =
            assembly.bringIn(grant, new Import(RefreshToken.of(token), null, null, true, false));
      }
    }
  }

  private static String directory(boolean isSingleUse) {
    return isSingleUse ? Sandbox.PLAIN : TENANT;
  }

  Config load() throws Exception {
    return Assembly.loader(Map.of(), folder, CLOCK).load(config(), References.RESOLVE);
  }

  /** Starts a daemon whose machine keeps its own files in a folder of that name. */
  RefreshdProcess start(String machine) throws IOException {
    Path state = folder.resolve(machine);
    return RefreshdProcess.start(folder, environment(state), "run");
  }

  /** The same on a machine whose clock is off. */
  RefreshdProcess startOff(String machine, Duration off) throws IOException {
    return RefreshdProcess.startOff(off, folder, environment(folder.resolve(machine)), "run");
  }

  RefreshdProcess.Result run(String... arguments) {
    return RefreshdProcess.run(folder, environment(folder.resolve("cli")), "", arguments);
  }

  private Map<String, String> environment(Path state) {
    return Map.of("REFRESHD_CONFIG", config().toString(), "STATE_DIRECTORY", state.toString());
  }

  /** Runs SQL past the program. */
  void execute(String sql) {
    PostgresServer.execute(url, sql);
  }

  /** The chains of the grants whose tokens live on when they are redeemed. */
  List<Chain> reusable() {
    List<Chain> chains = new ArrayList<>();
    for (int tenant = 1; tenant <= tenants; tenant++) {
      chains.add(sandbox.chain(TENANT, CLIENT, "market-" + tenant + "/live"));
      chains.add(sandbox.chain(TENANT, CLIENT, "market-" + tenant + "/sandbox"));
    }
    return chains;
  }

  List<Chain> singleUse() {
    return IntStream.rangeClosed(1, singleUse)
        .mapToObj(grant -> sandbox.chain(Sandbox.PLAIN, CLIENT, "once/g" + grant))
        .toList();
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
