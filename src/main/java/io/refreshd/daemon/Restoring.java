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
import io.refreshd.rotation.Withholding;
import io.refreshd.store.LogHead;
import io.refreshd.store.PastStore;
import io.refreshd.store.RunLock;
import io.refreshd.store.StagedStore;
import io.refreshd.store.StoreRestore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   * @param withheld why its token may be spent, and only a person presents it; {@code null} if it
   *     goes on by itself
   */
  public record Restored(GrantRecord record, Server server, @Nullable String withheld) {}

  /**
   * What a restore came to.
   *
   * @param label of the backup
   * @param grants by name
   * @param replaced under which name the store is kept that stood there; {@code null} if none did,
   *     or nothing was put into its place
   */
  public record Result(BackupLabel label, List<Restored> grants, @Nullable Path replaced) {
    public Result {
      grants = List.copyOf(grants);
    }
  }

  private final Config config;
  private final Path backup;
  private final Clock clock;
  private final Consumer<StagedStore.Step> progress;

  Restoring(Config config, Path backup, Clock clock, Consumer<StagedStore.Step> progress) {
    this.config = config;
    this.backup = backup;
    this.clock = clock;
    this.progress = progress;
  }

  public static Restoring of(Config config, Path backup, Clock clock) {
    return new Restoring(config, backup, clock, step -> {});
  }

  /** Does everything but put the store into its place; beside a running daemon too. */
  public Result rehearse() {
    try (StagedStore staged = stage()) {
      Sightings sightings = new Sightings();
      refuseOther(staged, look(staged, sightings));
      return new Result(staged.label(), withhold(staged, sightings), null);
    }
  }

  /**
   * Restores.
   *
   * @param force whether a store that stands at the place is replaced, and kept aside
   * @throws StoreException if it cannot be; then what stood there still does
   */
  public Result run(boolean force) {
    try (RunLock lock = RunLock.acquire(Assembly.location(config))) {
      if (!force && Files.exists(config.store().base())) {
        throw new StoreException(
            "there is a store "
                + config.store()
                + " already; --force replaces it, and keeps it under a dated name. `refreshd"
                + " restore --dry-run` says what that would mean",
            null);
      }
      return run();
    }
  }

  private Result run() {
    try (StagedStore staged = stage()) {
      Sightings sightings = new Sightings();
      PastStore past = look(staged, sightings);
      refuseOther(staged, past);
      List<Restored> grants = withhold(staged, sightings);
      staged.store().append(entry(staged.label(), past, grants));
      Path replaced = staged.place(progress).orElse(null);
      return new Result(staged.label(), grants, replaced);
    }
  }

  private StagedStore stage() {
    return StoreRestore.stage(Assembly.location(config), backup, clock, progress);
  }

  /** Gathers what tells which grants have moved on since the backup. */
  private PastStore look(StagedStore staged, Sightings sightings) {
    PastStore past = staged.lookAround(sightings);
    if (past.trouble() != null) {
      LOG.warn("what stands there tells nothing: {}", past.trouble());
    }
    BackupLabel label = staged.label();
    LogHead head = past.head();
    Anchor from = new Anchor(label.last(), label.hash());
    Anchor to = head == null ? from : new Anchor(head.seq(), head.hash());
    try {
      if (new LogHistory(config.log(), from, to, sightings).read()) {
        sightings.setComplete();
      }
    } catch (RotationLogException e) {
      LOG.warn("{}", e.getMessage());
    }
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

  private List<Restored> withhold(StagedStore staged, Sightings sightings) {
    Map<GrantName, Grant> configured =
        config.grants().stream().collect(Collectors.toMap(Grant::name, Function.identity()));
    Withholding withholding = new Withholding(staged.store(), clock);
    List<Restored> grants = new ArrayList<>();
    for (GrantRecord record : staged.store().records()) {
      Server server = server(configured.get(record.name()));
      String doubt = server == Server.REUSABLE ? null : doubt(record, sightings);
      if (doubt != null && !Withholding.isWithheld(record)) {
        withholding.withhold(record, "restored from a backup of " + made(staged) + ": " + doubt);
      }
      grants.add(new Restored(record, server, doubt));
    }
    return grants;
  }

  private static @Nullable String doubt(GrantRecord record, Sightings sightings) {
    return Withholding.isWithheld(record)
        ? "an answer of its server was lost already"
        : sightings.findDoubt(record);
  }

  private static Server server(@Nullable Grant grant) {
    if (grant == null) {
      return Server.UNKNOWN;
    }
    return grant.isSingleUse() ? Server.SINGLE_USE : Server.REUSABLE;
  }

  private Entry entry(BackupLabel label, PastStore past, List<Restored> grants) {
    long withheld = grants.stream().filter(grant -> grant.withheld() != null).count();
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
            + withheld
            + " of "
            + grants.size();
    return Entry.of(clock.instant(), null, Event.RESTORED, message);
  }

  private static String made(StagedStore staged) {
    return staged.label().made().toString();
  }
}
