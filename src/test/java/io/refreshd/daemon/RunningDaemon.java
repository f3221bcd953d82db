package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Import;
import io.refreshd.sandbox.Chain;
import io.refreshd.sandbox.Sandbox;
import io.refreshd.sandbox.SandboxClient;
import io.refreshd.sandbox.SandboxSettings;
import io.refreshd.sandbox.Troubles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A daemon for the grants of one client, whose configuration and secret stand in files that a test
 * changes under way. The clock is the machine's: Quartz knows no other.
 */
final class RunningDaemon implements AutoCloseable {

  static final String SECRET = "the-first-secret";

  private static final String TENANT = "11111111-2222-3333-4444-555555555555";
  private static final String CLIENT = "66666666-7777-8888-9999-000000000000";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Clock clock = Clock.systemUTC();
  private final Sandbox sandbox = Sandbox.start(0, SandboxSettings.DEFAULT, clock);
  private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> notices = new LinkedBlockingQueue<>();
  final Daemon daemon;

  RunningDaemon(Path folder, String... grants) throws Exception {
    this.folder = folder;
    register(SECRET);
    writeSecret(SECRET);
    configure(grants);
    for (String grant : grants) {
      bringIn(grant, true);
    }
    NotifySocket socket = assignments -> notices.add(String.join(" ", assignments));
    daemon =
        Daemon.create(
            this::load,
            clock,
            (entry, kept) -> entries.add(entry),
            new ServiceNotices(Optional.of(socket), Optional.empty(), System::nanoTime));
  }

  /** The client has this secret from now on, and no other. */
  void register(String secret) {
    sandbox.register(SandboxClient.withSecret(TENANT, CLIENT, secret));
  }

  /** The daemon finds this secret at its next reading. */
  void writeSecret(String secret) throws IOException {
    Files.writeString(folder.resolve("secret"), secret + "\n");
  }

  /** The daemon finds these grants at its next reading. */
  void configure(String... grants) throws IOException {
    writeAll("", "", grants);
  }

  /** Likewise, with more keys among the defaults. */
  void defaults(String keys) throws IOException {
    writeAll("", ", " + keys, "live");
  }

  /** Likewise, with lines of the top level. */
  void write(String top, String... grants) throws IOException {
    writeAll(top, "", grants);
  }

  /** Likewise, with more keys among the defaults as well. */
  void writeWith(String top, String keys, String... grants) throws IOException {
    writeAll(top, ", " + keys, grants);
  }

  private void writeAll(String top, String defaults, String... grants) throws IOException {
    StringBuilder yaml = new StringBuilder(top);
    yaml.append("defaults: { authority: '" + sandbox.authority() + "'" + defaults + " }\n");
    yaml.append("tenants:\n  - name: germany\n    tenant-id: " + TENANT + "\n");
    yaml.append("    client-id: " + CLIENT + "\n    client-secret: file:secret\n    grants:\n");
    for (String grant : grants) {
      yaml.append("      - { name: " + grant + ", scopes: [a] }\n");
    }
    replace(yaml.toString());
  }

  /** The daemon finds this text at its next reading. */
  void replace(String yaml) throws IOException {
    Files.writeString(folder.resolve("refreshd.yaml"), yaml);
  }

  Config load() throws ConfigException {
    return Assembly.loader(Map.of(), folder, clock)
        .load(folder.resolve("refreshd.yaml"), References.RESOLVE);
  }

  /** Brings a configured grant's token in; one that is not redeemed is due at once. */
  void bringIn(String grant, boolean redeem) throws Exception {
    Config config = load();
    RefreshToken token = RefreshToken.of(sandbox.issueRefreshToken(TENANT, CLIENT, grant));
    try (Assembly assembly = Assembly.writing(config, clock)) {
      var unused =
          assembly.bringIn(
              config.grants().stream()
                  .filter(configured -> configured.name().equals(name(grant)))
                  .findFirst()
                  .orElseThrow(),
              new Import(token, null, null, redeem, false));
    }
  }

  /** Makes all configured grants due, as a person does. */
  void makeDue(String... grants) throws Exception {
    for (String grant : grants) {
      bringIn(grant, false);
    }
  }

  Troubles troubles() {
    return sandbox.troubles();
  }

  Chain chain(String grant) {
    return sandbox.chain(TENANT, CLIENT, grant);
  }

  /** Asks for a reload and waits for its end; gives the status that it ends with. */
  String reload() throws InterruptedException {
    daemon.requestReload();
    awaitNotice(notice -> notice.startsWith("RELOADING=1"));
    return awaitReady();
  }

  String awaitReady() throws InterruptedException {
    return awaitNotice(notice -> notice.startsWith("READY=1"));
  }

  String awaitNotice(Predicate<String> wanted) throws InterruptedException {
    return await(notices, wanted);
  }

  /** What was told to the service manager and not awaited. */
  List<String> notices() {
    List<String> all = new ArrayList<>();
    notices.drainTo(all);
    return all;
  }

  /** Waits for that many events of that kind. */
  List<String> awaitEntries(Event event, int count) throws InterruptedException {
    List<String> grants = new ArrayList<>();
    while (grants.size() < count) {
      grants.add(String.valueOf(await(entries, entry -> entry.event() == event).grant()));
    }
    return grants;
  }

  List<GrantStatus> status() throws ConfigException {
    try (Assembly assembly = Assembly.reading(load(), clock)) {
      return assembly.status(clock.instant());
    }
  }

  /** Waits until a redemption is in flight: there is no event for that. */
  void awaitRequest(String grant) throws InterruptedException {
    while (chain(grant).requests() == 0) {
      Thread.sleep(5);
    }
  }

  /** How many redemptions of these grants were asked for. */
  int requests(String... grants) {
    return Arrays.stream(grants).mapToInt(grant -> chain(grant).requests()).sum();
  }

  private static <T> T await(BlockingQueue<T> queue, Predicate<T> wanted)
      throws InterruptedException {
    List<T> seen = new ArrayList<>();
    T next = queue.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    while (next != null && !wanted.test(next)) {
      seen.add(next);
      next = queue.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
    assertThat(next).as("what is awaited; seen was " + seen).isNotNull();
    return next;
  }

  static GrantName name(String grant) {
    return new GrantName("germany", grant);
  }

  @Override
  public void close() {
    daemon.close();
    sandbox.close();
  }
}
