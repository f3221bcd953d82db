package io.refreshd.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.Outcome;
import io.refreshd.sandbox.Chain;
import io.refreshd.sandbox.Sandbox;
import io.refreshd.sandbox.SandboxCast;
import io.refreshd.sandbox.SandboxSettings;
import io.refreshd.sandbox.Troubles;
import io.refreshd.store.OpenStore;
import io.refreshd.store.SqliteLocation;
import io.refreshd.store.TokenStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A sandbox in this JVM, and a folder in which refreshd processes keep its grants alive. */
final class SandboxWorld implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  final Path folder;
  final SandboxCast cast;
  private final Sandbox sandbox;
  private final Map<String, String> environment;

  SandboxWorld(Path folder, int markets, Duration rotateEvery, Duration lifetime)
      throws IOException {
    this.folder = folder;
    sandbox = Sandbox.start(0, SandboxSettings.DEFAULT.withLifetime(lifetime), Clock.systemUTC());
    cast = SandboxCast.enter(sandbox, markets);
    Path secrets = Files.createDirectory(folder.resolve("secrets"));
    for (SandboxCast.Market market : cast.markets()) {
      Files.writeString(secrets.resolve(market.name()), market.secret());
    }
    Files.writeString(
        folder.resolve("refreshd.yaml"),
        "store: { url: 'jdbc:sqlite:refreshd.db' }\n"
            + cast.yaml(rotateEvery, lifetime, market -> "file:secrets/" + market));
    environment = Map.of("REFRESHD_CONFIG", folder.resolve("refreshd.yaml").toString());
  }

  Path config() {
    return folder.resolve("refreshd.yaml");
  }

  Troubles troubles() {
    return sandbox.troubles();
  }

  List<Chain> chains() {
    return cast.members().stream().map(cast::chain).toList();
  }

  RefreshdProcess start(String... arguments) {
    return RefreshdProcess.start(folder, environment, arguments);
  }

  RefreshdProcess startWith(Map<String, String> more, String... arguments) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return RefreshdProcess.start(folder, all, arguments);
  }

  /** Starts a command in a JVM with these flags, that may leave a core dump of that size. */
  RefreshdProcess startWith(
      String coreLimit, List<String> flags, Map<String, String> more, String... arguments) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return RefreshdProcess.start(folder, flags, coreLimit, all, arguments);
  }

  /** Whether no stored grant is due before then. */
  boolean areAllDueLaterThan(Duration fromNow) {
    Instant then = Clock.systemUTC().instant().plus(fromNow);
    SqliteLocation store =
        new SqliteLocation(folder.resolve("refreshd.db"), folder.resolve("refreshd.key"));
    try (OpenStore open = TokenStores.openToRead(store, Clock.systemUTC())) {
      return open.records(null, 100).stream()
          .allMatch(grant -> grant.nextAttemptAt().isAfter(then));
    }
  }

  /** Starts the daemon and waits until it says that it is ready. */
  RefreshdProcess daemon() {
    return start("run").awaitOutput("ready:");
  }

  RefreshdProcess.Result run(String... arguments) {
    return RefreshdProcess.run(folder, environment, "", arguments);
  }

  RefreshdProcess.Result bringIn(SandboxCast.Member member) {
    return RefreshdProcess.run(
        folder, environment, member.refreshToken(), "import", member.grant());
  }

  /** What a command of this process works with. */
  Config load() throws ConfigException {
    return Assembly.loader(Map.of(), folder, Clock.systemUTC()).load(config(), References.RESOLVE);
  }

  /** Brings all tokens in, in this process. */
  void bringInAll(boolean redeem) throws Exception {
    Config config = load();
    Map<String, Grant> grants =
        config.grants().stream()
            .collect(Collectors.toMap(grant -> grant.name().toString(), Function.identity()));
    try (Assembly assembly = Assembly.writing(config, Clock.systemUTC())) {
      for (SandboxCast.Member member : cast.members()) {
        RefreshToken token = RefreshToken.of(member.refreshToken());
        Grant grant = Objects.requireNonNull(grants.get(member.grant()));
        assertThat(assembly.bringIn(grant, new Import(token, null, null, redeem, false)))
            .isInstanceOf(Outcome.Rotated.class);
      }
    }
  }

  /** The grants of {@code status --json}. */
  List<JsonNode> status() {
    RefreshdProcess.Result result = run("status", "--json");
    return JSON.readTree(result.out()).get("grants").valueStream().toList();
  }

  /** The lines of {@code log --json}. */
  List<JsonNode> log(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "log";
    all[1] = "--json";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return run(all).out().lines().map(JSON::readTree).toList();
  }

  /** Every file under the folder, the planted tokens and secrets aside. */
  Map<Path, String> files() throws IOException {
    Map<Path, String> files = new HashMap<>();
    try (var walk = Files.walk(folder)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        if (!file.startsWith(folder.resolve("secrets"))) {
          files.put(file, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return files;
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
