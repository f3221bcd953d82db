package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigLoader;
import io.refreshd.config.StoreSettings;
import io.refreshd.config.Surroundings;
import io.refreshd.entra.ClientCertificates;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.report.LogLine;
import io.refreshd.report.LogProofDocument;
import io.refreshd.report.RotationLogException;
import io.refreshd.report.RotationLogFile;
import io.refreshd.report.StatusDocument;
import io.refreshd.rotation.Alerter;
import io.refreshd.rotation.CredentialStatus;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.LogProof;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.Node;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RotationListener;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.TokenStore;
import io.refreshd.schedule.QuartzCron;
import io.refreshd.store.DaemonElsewhere;
import io.refreshd.store.OpenStore;
import io.refreshd.store.PostgresLocation;
import io.refreshd.store.SqliteLocation;
import io.refreshd.store.StoreLocation;
import io.refreshd.store.TokenStores;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a command works with: the store and, where it may write, a rotator; built from a config. */
public final class Assembly implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

  private final Config config;
  private final Clock clock;
  private final OpenStore store;
  private final boolean writes;
  private final Patience patience = new Patience();
  private final @Nullable OrderlyEnd end;
  private volatile @Nullable EntraTokenRedeemer redeemer;

  private Assembly(Config config, Clock clock, OpenStore store, boolean writes) {
    this.config = config;
    this.clock = clock;
    this.store = store;
    this.writes = writes;
    this.end = writes ? new OrderlyEnd(patience::end, this::abandon) : null;
  }

  /** The one loader of every command. */
  public static ConfigLoader loader(
      Map<String, String> environment, Path workingDirectory, Clock clock) {
    return new ConfigLoader(
        new Surroundings(environment, workingDirectory),
        new CronRules(new QuartzCron()),
        new ClientCertificates(clock)::inspect);
  }

  /** For commands that only look; works without the key, and beside a running daemon. */
  public static Assembly reading(Config config, Clock clock) {
    return new Assembly(config, clock, TokenStores.openToRead(location(config), clock), false);
  }

  /** For commands that change something; works beside a running daemon. */
  public static Assembly writing(Config config, Clock clock) {
    String owner = "cli-" + ProcessHandle.current().pid();
    OpenStore store = TokenStores.openToWrite(location(config), owner, config.concurrency(), clock);
    return new Assembly(config, clock, store, true);
  }

  /** The channels of a configuration. Its credentials must have been read. */
  public static Alerter alerter(Config config) {
    return AlertChannels.of(config.alerts());
  }

  static RotationPolicy policy() {
    return new RotationPolicy(new QuartzCron());
  }

  static StoreLocation location(Config config) {
    if (config.store() instanceof StoreSettings.Postgres postgres) {
      return new PostgresLocation(
          postgres.url(), postgres.username(), postgres.password(), postgres.base(), config.key());
    }
    return SqliteLocation.ofItself(config.store().base(), config.key());
  }

  /** The store. */
  public TokenStore store() {
    return store;
  }

  /** How all grants stand at an instant. */
  public List<GrantStatus> status(Instant now) {
    return status(any -> true).list(now);
  }

  /** How the grants stand that are meant. */
  public FleetStatus status(Predicate<GrantName> isMeant) {
    return FleetStatus.of(config, store, isMeant);
  }

  /** What is stored and no configuration names, by name. */
  public List<GrantName> unconfigured() {
    return status(any -> true).unconfigured();
  }

  /**
   * Writes the status as a JSON document, as it is read: of a million grants it is half a gigabyte.
   *
   * @param warnings as {@link #storeWarnings} has them
   * @return the worst level in it
   */
  public Level writeJson(
      Writer to,
      FleetStatus fleet,
      List<CredentialStatus> credentials,
      List<String> warnings,
      Instant at) {
    return StatusDocument.write(
        to, reader -> fleet.read(at, reader), credentials, nodes(), warnings, at);
  }

  /** The daemons that share the store, dead ones for an hour too; none where only one can. */
  public List<Node> nodes() {
    return store.nodes();
  }

  /** Those of the grants whose current token no key opens. */
  Set<GrantName> damaged(FleetStatus fleet) {
    return store.damaged(fleet.names().toList());
  }

  /** The grants whose new token waits for the store. */
  List<GrantName> held() {
    return store.held();
  }

  /** What keeps the store from taking new tokens just now, in words; empty if nothing seems to. */
  public List<String> storeWarnings() {
    return new StoreWarnings(location(config), store).lines();
  }

  /** What to tell people of a daemon of this machine that has its files in another folder. */
  public Optional<String> elsewhereWarning() {
    return daemonElsewhere().map(one -> one.what() + "; " + one.next());
  }

  private Optional<DaemonElsewhere> daemonElsewhere() {
    return DaemonElsewhere.find(location(config), store.nodes());
  }

  /** Proves the rotation log, as far as that can be. */
  public LogProof verifyLog() {
    return store.verifyLog();
  }

  /** What a look at the rotation log came to, as a JSON document. */
  public static String json(LogProof proof) {
    return LogProofDocument.of(proof);
  }

  /** An entry of the rotation log as a line of JSON. */
  public static String json(LoggedEntry entry) {
    return LogLine.of(entry);
  }

  /**
   * Rotates the grants now, with the configured concurrency; each outcome as it comes.
   *
   * @throws StoreException before the first, if the store turns out to be an old copy: whoever asks
   *     may not know, and must ask again
   */
  public void rotate(List<Grant> grants, Consumer<Outcome> outcomes) throws InterruptedException {
    Optional<String> found = new PutBack(config, store, clock, () -> {}).settle();
    if (found.isPresent()) {
      throw new StoreException(
          found.get()
              + ". nothing was rotated; look at `refreshd status`, and ask again if you mean it",
          null);
    }
    new ManualRotation(rotator(), config.concurrency(), config.tenantConcurrency(), patience)
        .rotate(grants, outcomes);
  }

  /** Brings a token in. */
  public Outcome bringIn(Grant grant, Import imported) throws InterruptedException {
    Rotator rotator = rotator();
    return patience.untilFree(() -> rotator.bringIn(grant, imported));
  }

  /**
   * Removes a grant and its tokens from the store; the rotation log says so. Waits while another
   * process rotates it.
   *
   * @return whether there was one
   */
  public boolean forget(GrantName grant) throws InterruptedException {
    return new GrantRemoval(store, patience, clock).forget(grant);
  }

  /** Writes down that the current token was shown. */
  public void recordRevealed(StoredGrant stored) {
    Instant now = clock.instant();
    store.append(
        new Entry(
            now,
            stored.record().name(),
            Event.REVEALED,
            null,
            stored.current().number(),
            stored.current().issuedAt(),
            stored.current().expiresAt(),
            null,
            null,
            null,
            null,
            null,
            "shown to a person",
            stored.current().token().fingerprint()));
  }

  /**
   * Makes a new sealing key and reseals every token, or completes what was begun.
   *
   * @param soFar told how many are resealed, from time to time
   */
  public KeyChange rotateKey(IntConsumer soFar) {
    return new KeyRotating(store.sealingKeyRotation(), patience, soFar).rotate();
  }

  /**
   * Removes the old sealing keys from this machine's key file.
   *
   * @param soFar told how many tokens are resealed before that, from time to time
   * @throws StoreException if the spools that may need one of them are not to be seen
   */
  public KeyChange dropOldKeys(IntConsumer soFar) {
    Optional<DaemonElsewhere> elsewhere = daemonElsewhere();
    if (elsewhere.isPresent()) {
      throw new StoreException(
          config.key()
              + ": no old key was removed: "
              + elsewhere.get().what()
              + "; a new token in it may need the old key. "
              + elsewhere.get().next(),
          null);
    }
    return new KeyRotating(store.sealingKeyRotation(), patience, soFar).dropOldKeys();
  }

  /** Made for the commands that redeem: the others do not wait for TLS to load. */
  private synchronized Rotator rotator() {
    elsewhereWarning().ifPresent(LOG::warn);
    EntraTokenRedeemer made = redeemer == null ? new EntraTokenRedeemer(clock) : redeemer;
    redeemer = made;
    RotationListener nobody = (entry, kept) -> {}; // the command itself says how it went
    return new Rotator(store, made, policy(), nobody, clock);
  }

  /** The process must end now. */
  private void abandon() {
    store.hurry();
    EntraTokenRedeemer used = redeemer;
    if (used != null) {
      used.close();
    }
  }

  @Override
  public void close() {
    try (end;
        store) {
      EntraTokenRedeemer used = redeemer;
      if (used != null) {
        used.close();
      }
      if (writes) {
        catchUp();
      }
    }
  }

  /** The daemon, if one runs, writes the file as well; whoever comes first writes the lines. */
  private void catchUp() {
    try {
      new RotationLogFile(config.log(), store, RotationLogFile.DEFAULT_LIMIT).catchUp();
    } catch (RotationLogException | StoreException e) {
      LOG.warn("{}", e.getMessage());
    }
  }
}
