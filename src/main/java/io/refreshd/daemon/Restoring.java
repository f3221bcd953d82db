package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.report.LogHistory;
import io.refreshd.report.LogHistory.Anchor;
import io.refreshd.report.RotationLogException;
import io.refreshd.rotation.BackupLabel;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Sightings;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.Withholding;
import io.refreshd.store.LogHead;
import io.refreshd.store.OpenStore;
import io.refreshd.store.PastStore;
import io.refreshd.store.RunLock;
import io.refreshd.store.StagedStore;
import io.refreshd.store.StopRequest;
import io.refreshd.store.StoreRestore;
import io.refreshd.store.TokenStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a backup into the place of the store, and withholds what may be spent since. */
public final class Restoring {

  private static final Logger LOG = LoggerFactory.getLogger(Restoring.class);

  /** What the server of a grant does with a redeemed token. */
  public enum Server {
    REUSABLE,
    SINGLE_USE,
    /** No configuration names the grant, so nobody knows. */
    UNKNOWN
  }

  /**
   * A grant as it was restored.
   *
   * @param grant as it is configured; {@code null} if no configuration names it
   * @param withheld why its token may be spent, and only a person presents it; {@code null} if it
   *     goes on by itself
   */
  public record Restored(GrantRecord record, @Nullable Grant grant, @Nullable String withheld) {

    public Server server() {
      return Restoring.server(grant);
    }
  }

  /**
   * Is told what a backup is, once it is verified, and what became of each of its grants, once that
   * has come to be; in a rehearsal, what would become of it.
   */
  public interface Report {

    /** What the backup holds; it is whole. */
    void backup(BackupLabel label);

    /** The next of its grants, by name. */
    void grant(Restored grant);
  }

  /**
   * What a restore came to.
   *
   * @param grants how many there are
   * @param withheld how many of them only a person presents
   * @param replaced under which name the store is kept that stood there; {@code null} if none did,
   *     or nothing was put into its place
   */
  public record Result(long grants, long withheld, @Nullable Path replaced) {}

  private final Config config;
  private final Path backup;
  private final Clock clock;
  private final Consumer<StagedStore.Step> progress;
  private final StopRequest stop;

  Restoring(
      Config config,
      Path backup,
      Clock clock,
      Consumer<StagedStore.Step> progress,
      StopRequest stop) {
    this.config = config;
    this.backup = backup;
    this.clock = clock;
    this.progress = progress;
    this.stop = stop;
  }

  public static Restoring of(Config config, Path backup, Clock clock) {
    return new Restoring(config, backup, clock, step -> {}, new StopRequest());
  }

  /**
   * Does everything but put the store into its place; beside a running daemon too. If the process
   * is to end meanwhile, what was unpacked is removed first.
   */
  public Result rehearse(Report report) {
    try (OrderlyEnd end = OrderlyEnd.by(stop);
        StagedStore staged = stage()) {
      Map<GrantName, Grant> configured = configured();
      Sightings sightings = sightings(configured);
      refuseOther(staged, lookAndBringIn(staged, sightings));
      report.backup(staged.label());
      Result found = withhold(staged, configured, sightings);
      read(
          staged.store(),
          staged.label(),
          configured,
          sightings,
          restored -> {
            stop.obey();
            report.grant(restored);
          });
      return found;
    }
  }

  /**
   * Restores.
   *
   * @param force whether a store that stands at the place is replaced, and kept aside
   * @throws StoreException if it cannot be; then what stood there still does
   */
  public Result run(boolean force, Report report) {
    // first: whoever misspelt it must not be told to force anything
    StoreRestore.requireBackup(Assembly.location(config), backup, clock);
    try (RunLock lock = RunLock.acquire(Assembly.location(config))) {
      if (!force && Files.exists(config.store().base())) {
        throw new StoreException(
            "there is a store "
                + config.store()
                + " already; --force replaces it, and keeps it under a dated name. `refreshd"
                + " restore --dry-run` says what that would mean",
            null);
      }
      return run(report);
    }
  }

  private Result run(Report report) {
    Map<GrantName, Grant> configured = configured();
    Sightings sightings = sightings(configured);
    BackupLabel label;
    Result result;
    try (OrderlyEnd end = OrderlyEnd.by(stop);
        StagedStore staged = stage()) {
      label = staged.label();
      PastStore past = lookAndBringIn(staged, sightings);
      refuseOther(staged, past);
      report.backup(label);
      Result found = withhold(staged, configured, sightings);
      staged.store().append(entry(label, past, found));
      Path replaced = staged.place(progress).orElse(null);
      result = new Result(found.grants(), found.withheld(), replaced);
    }
    // not before: what is said of a grant is so, and nobody's slow terminal keeps the place empty
    try (OpenStore restored = TokenStores.openToRead(Assembly.location(config), clock)) {
      read(restored, label, configured, sightings, report::grant);
    }
    return result;
  }

  private Map<GrantName, Grant> configured() {
    return config.grants().stream().collect(Collectors.toMap(Grant::name, Function.identity()));
  }

  /** The older tokens of reusable servers live on, whatever came after them. */
  private static Sightings sightings(Map<GrantName, Grant> configured) {
    return new Sightings(name -> server(configured.get(name)) != Server.REUSABLE);
  }

  private StagedStore stage() {
    return StoreRestore.stage(Assembly.location(config), backup, clock, progress, stop);
  }

  /**
   * Gathers what tells which grants have moved on since the backup, and brings in of it what can be
   * had: the newest tokens that wait in a spool.
   */
  private PastStore lookAndBringIn(StagedStore staged, Sightings sightings) {
    PastStore past = staged.lookAround(sightings);
    if (past.trouble() != null) {
      LOG.warn("what stands there tells nothing: {}", past.trouble());
    }
    BackupLabel label = staged.label();
    LogHead end = past.endSince(label);
    Anchor from = new Anchor(label.last(), label.hash());
    Anchor to = end == null ? null : new Anchor(end.seq(), end.hash());
    try {
      if (new LogHistory(config.log(), from, to, sightings).read()) {
        sightings.setComplete();
      }
    } catch (RotationLogException e) {
      LOG.warn("{}", e.getMessage());
    }
    staged.bringInSpooled(sightings);
    return past;
  }

  private void refuseOther(StagedStore staged, PastStore past) {
    String ours = staged.label().store();
    if (past.store() != null && ours != null && !past.store().equals(ours)) {
      throw new StoreException(
          "the backup "
              + backup
              + " is of another store than "
              + config.store()
              + "; restore it to a place of its own, or move that store away first. nothing was"
              + " restored",
          null);
    }
  }

  private Result withhold(
      StagedStore staged, Map<GrantName, Grant> configured, Sightings sightings) {
    Withholding withholding = new Withholding(staged.store(), clock);
    LongAdder grants = new LongAdder();
    LongAdder withheld = new LongAdder();
    read(
        staged.store(),
        staged.label(),
        configured,
        sightings,
        restored -> {
          stop.obey();
          GrantRecord record = restored.record();
          String doubt = restored.withheld();
          if (doubt != null && !Withholding.isWithheld(record)) {
            withholding.withhold(record, why(staged.label()) + doubt);
          }
          grants.increment();
          withheld.add(doubt == null ? 0 : 1);
        });
    var unused = withholding.finish(); // of those that it cannot withhold it has told
    return new Result(grants.sum(), withheld.sum(), null);
  }

  /**
   * Hands over one grant after the other, and the same again after they were withheld: a million of
   * them are not in memory at once.
   */
  private static void read(
      TokenStore store,
      BackupLabel label,
      Map<GrantName, Grant> configured,
      Sightings sightings,
      Consumer<Restored> reader) {
    store.readRecords(
        record -> {
          Grant grant = configured.get(record.name());
          boolean isReusable = server(grant) == Server.REUSABLE;
          String doubt = isReusable ? null : doubt(record, label, sightings);
          reader.accept(new Restored(record, grant, doubt));
        });
  }

  private static @Nullable String doubt(
      GrantRecord record, BackupLabel label, Sightings sightings) {
    return Withholding.isWithheld(record) && !isWithheldBy(label, record)
        ? "an answer of its server was lost already"
        : sightings.findDoubt(record);
  }

  /** Whether it is this restore that has withheld it. */
  private static boolean isWithheldBy(BackupLabel label, GrantRecord record) {
    String message = record.standing().message();
    return message != null && message.startsWith(why(label));
  }

  private static Server server(@Nullable Grant grant) {
    if (grant == null) {
      return Server.UNKNOWN;
    }
    return grant.isSingleUse() ? Server.SINGLE_USE : Server.REUSABLE;
  }

  private Entry entry(BackupLabel label, PastStore past, Result found) {
    String before =
        Optional.ofNullable(past.head())
            .map(
                head -> "; the log went up to entry " + head.seq() + " before, hash " + head.hash())
            .orElse("");
    String message =
        "from a backup of "
            + label.made()
            + ", with the log up to entry "
            + label.last()
            + before
            + "; withheld: "
            + found.withheld()
            + " of "
            + found.grants();
    return Entry.of(clock.instant(), null, Event.RESTORED, message);
  }

  /** What the reason starts with why a grant is withheld. */
  private static String why(BackupLabel label) {
    return "restored from a backup of " + label.made() + ": ";
  }
}
