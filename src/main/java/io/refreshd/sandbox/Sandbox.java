package io.refreshd.sandbox;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A local stand-in for the token endpoints of Entra, {@code /TENANT/oauth2/v2.0/token} and {@code
 * /TENANT/oauth2/token}, and for that of a plain OAuth server, {@code /oauth2/token}. It listens on
 * the loopback address alone, keeps nothing on disk, and remembers how each grant was used.
 *
 * <p>Its tokens open nothing, so they are plain texts here. Many threads may share it.
 */
public final class Sandbox implements AutoCloseable {

  /** Stands for a tenant's id where there is none: clients of the plain OAuth server. */
  public static final String PLAIN = "";

  static {
    // head and body leave in two packets; without this the second waits 40 ms for a delayed ACK
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int BACKLOG = 1024;
  private static final int THREADS = 64;
  private static final AtomicInteger THREAD = new AtomicInteger();

  private final HttpServer server;
  private final ExecutorService threads;
  private final Ledger ledger;
  private final Troubles troubles;

  private Sandbox(HttpServer server, SandboxSettings settings, Clock clock) {
    this.server = server;
    this.threads = Executors.newFixedThreadPool(THREADS, Sandbox::thread);
    this.ledger = new Ledger(clock);
    this.troubles = new Troubles();
    TokenIssuer issuer = new TokenIssuer(settings, clock, ledger, troubles);
    server.createContext("/", new TokenHandler(issuer, clock));
    server.setExecutor(threads);
    server.start();
  }

  /**
   * Starts it.
   *
   * @param port 0 for any free one
   * @throws IOException if it cannot listen on that port
   */
  public static Sandbox start(int port, SandboxSettings settings, Clock clock) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port);
    return new Sandbox(HttpServer.create(address, BACKLOG), settings, clock);
  }

  /** The authority that a tenant's endpoints stand under: {@code http://127.0.0.1:PORT}. */
  public URI authority() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The token endpoint of the plain OAuth server. */
  public URI plainEndpoint() {
    return authority().resolve("/oauth2/token");
  }

  /** Makes a tenant known, by its directory's id. */
  public void register(String tenant) {
    ledger.register(tenant);
  }

  /** Makes a client known, and its tenant; one of the same id is replaced. */
  public void register(SandboxClient client) {
    ledger.register(client);
  }

  /**
   * The first refresh token after a sign-in: what a person's consent brings. A later consent of the
   * same user begins a new chain, and the earlier one lives on.
   *
   * @param client the id of a registered client
   * @param user any name
   * @throws IllegalArgumentException if the client is not registered in the tenant
   */
  public String issueRefreshToken(String tenant, String client, String user) {
    return ledger.consent(tenant, client, user);
  }

  /**
   * How the user's last consent was used.
   *
   * @throws IllegalArgumentException if there was none
   */
  public Chain chain(String tenant, String client, String user) {
    return ledger.chain(tenant, client, user);
  }

  /** The switches for what goes wrong. */
  public Troubles troubles() {
    return troubles;
  }

  /** Stops at once; requests under way get no answer. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "sandbox-" + THREAD.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
