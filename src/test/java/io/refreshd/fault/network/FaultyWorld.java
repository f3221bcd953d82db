package io.refreshd.fault.network;

import io.refreshd.bench.SelfSigned;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.entra.WireLimits;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.TokenRedeemer;
import io.refreshd.sandbox.Chain;
import io.refreshd.sandbox.Sandbox;
import io.refreshd.sandbox.SandboxClient;
import io.refreshd.sandbox.SandboxSettings;
import io.refreshd.schedule.QuartzCron;
import io.refreshd.store.OpenStore;
import io.refreshd.store.SqliteLocation;
import io.refreshd.store.StoreLocation;
import io.refreshd.store.TokenStores;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What all faults share: a server that counts, a store on disk, and the redeemer of the daemon in
 * two tempers. Many threads may share it; each has grants of its own.
 */
final class FaultyWorld implements AutoCloseable {

  private static final String TENANT = "11111111-2222-3333-4444-555555555555";
  private static final String CLIENT = "66666666-7777-8888-9999-000000000000";
  private static final String SECRET = "client-secret";

  /** For faults that end by themselves: no machine is so slow that this decides. */
  private static final WireLimits PATIENT =
      new WireLimits(
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          64 * 1024,
          100,
          8 * 1024,
          Duration.ofSeconds(60));

  /** For faults that only the deadline ends. */
  private static final WireLimits HASTY =
      new WireLimits(
          Duration.ofSeconds(60),
          Duration.ofMillis(900),
          64 * 1024,
          100,
          8 * 1024,
          Duration.ofSeconds(60));

  private final ExecutorService threads = Executors.newCachedThreadPool(FaultyWorld::thread);
  private final Clock clock = new MutableClock();
  private final Sandbox sandbox;
  private final OpenStore store;
  private final SSLContext tls;
  private final EntraTokenRedeemer patient;
  private final EntraTokenRedeemer hasty;

  FaultyWorld(Path folder, int inFlight) throws IOException {
    tls = SelfSigned.in(folder, "localhost", "-keyalg", "EC").sslContext();
    sandbox = Sandbox.start(0, SandboxSettings.DEFAULT, clock);
    sandbox.register(SandboxClient.withSecret(TENANT, CLIENT, SECRET));
    sandbox.register(SandboxClient.withSecret(Sandbox.PLAIN, CLIENT, SECRET));
    StoreLocation location =
        new SqliteLocation(folder.resolve("refreshd.db"), folder.resolve("refreshd.key"));
    store = TokenStores.openToWrite(location, "run", inFlight, clock);
    patient = new EntraTokenRedeemer(clock, PATIENT, tls);
    hasty = new EntraTokenRedeemer(clock, HASTY, tls);
  }

  OpenStore store() {
    return store;
  }

  ExecutorService threads() {
    return threads;
  }

  URI server() {
    return sandbox.authority();
  }

  SSLContext tls() {
    return tls;
  }

  TokenRedeemer redeemer(boolean endless) {
    return endless ? hasty : patient;
  }

  /**
   * A redeemer of its own trust.
   *
   * @param trust {@code null} for that of the JVM
   */
  EntraTokenRedeemer trusting(@Nullable SSLContext trust) {
    return new EntraTokenRedeemer(clock, PATIENT, trust);
  }

  /** A grant at a server that is seen as that authority: as Entra, or a single-use one. */
  static Grant grant(String name, URI seen, boolean singleUse) {
    Grants grant = Grants.named(name);
    return singleUse
        ? grant
            .endpoint(new TokenEndpoint.Plain(seen.resolve("/oauth2/token"), List.of("a")))
            .singleUse()
            .build()
        : grant.endpoint(new TokenEndpoint.V2(seen, TENANT, List.of("https://api.test/x"))).build();
  }

  /** A person signs in; the token is stored, and due. */
  RefreshToken bringIn(Grant grant) {
    RefreshToken first =
        RefreshToken.of(sandbox.issueRefreshToken(tenant(grant), CLIENT, grant.name().toString()));
    var unused =
        rotator(patient, clock).bringIn(grant, new Import(first, null, null, false, false));
    return first;
  }

  Chain chain(Grant grant) {
    return sandbox.chain(tenant(grant), CLIENT, grant.name().toString());
  }

  Rotator rotator(TokenRedeemer redeemer, Clock at) {
    return new Rotator(
        store, redeemer, new RotationPolicy(new QuartzCron()), (entry, kept) -> {}, at);
  }

  private static String tenant(Grant grant) {
    return grant.isSingleUse() ? Sandbox.PLAIN : TENANT;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "faulty-network");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    patient.close();
    hasty.close();
    store.close();
    sandbox.close();
    threads.shutdownNow();
  }
}
