package io.refreshd.store;

import io.refreshd.rotation.LogFault;
import io.refreshd.rotation.LogFault.Kind;
import io.refreshd.rotation.LogProof;
import io.refreshd.rotation.LogRestore;
import io.refreshd.rotation.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Proves a rotation log: reads it from its beginning to its end, and compares it with its head. */
final class LogCheck {

  /** So many breaks are looked into; a log with more has nothing left to prove. */
  private static final int BREAKS = 100;

  private static final int PAGE = 2_000;

  private final HeadFile file;
  private final @Nullable StoreReader reader;
  private final List<ChainRun> runs = new ArrayList<>(List.of(ChainRun.start()));
  private final List<LogFault> faults = new ArrayList<>();
  private final List<LogRestore> restores = new ArrayList<>();
  private ChainRun.Row last = runs.get(0).first();
  private long entries;
  private long more;
  private @Nullable LogHead head;
  private final List<SoughtHead> sought = new ArrayList<>();
  private @Nullable String unproven;

  /**
   * A check, to be run once.
   *
   * @param reader {@code null} if there is no store
   */
  LogCheck(HeadFile file, @Nullable StoreReader reader) {
    this.file = file;
    this.reader = reader;
  }

  LogProof run() {
    // before the log: what is appended in between may be ahead of the head, never behind it
    head = findHead().map(HeadFile.Kept::head).orElse(null);
    Stream.concat(Stream.ofNullable(head), lost().stream().map(HeadFile.Kept::head))
        .distinct()
        .forEach(one -> sought.add(new SoughtHead(one)));
    readLog();
    faults.addAll(new ChainDiagnosis(runs).faults());
    sought.forEach(one -> one.findFault(last.seq(), faults).ifPresent(faults::add));
    if (head == null
        && reader != null
        && faults.stream().noneMatch(fault -> fault.kind() == Kind.HEAD)) {
      add(
          last.seq(),
          Kind.HEAD,
          "is the last, but " + file.path() + " is missing: nothing proves that none followed");
    }
    return new LogProof(
        entries,
        last.seq(),
        entries == 0 ? null : last.hash(),
        head == null ? null : head.seq(),
        unproven,
        faults,
        more,
        restores);
  }

  private Optional<HeadFile.Kept> findHead() {
    try {
      Optional<HeadFile.Kept> kept = file.find();
      kept.ifPresent(found -> checkSeal(found, "is the head by " + file.path()));
      return kept;
    } catch (StoreException.Damaged e) {
      add(0, Kind.HEAD, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private List<HeadFile.Kept> lost() {
    try {
      List<HeadFile.Kept> lost = file.lost().all();
      lost.forEach(one -> checkSeal(one, "was written by " + file.lost().path()));
      return lost;
    } catch (StoreException.Damaged e) {
      add(0, Kind.HEAD, String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private void checkSeal(HeadFile.Kept kept, String what) {
    if (reader == null) {
      unproven = "there is no store";
      return;
    }
    try {
      if (!reader.sealing().isSealed(kept.head(), kept.seal())) {
        add(kept.head().seq(), Kind.HEAD, what + ", but no key of this store has sealed that");
      }
    } catch (StoreException e) {
      unproven = e.getMessage();
    }
  }

  private void readLog() {
    List<ChainRun.Row> page;
    do {
      page = reader == null ? List.of() : reader.rows(last.seq(), PAGE);
      page.forEach(this::follow);
    } while (page.size() == PAGE);
  }

  private void follow(ChainRun.Row row) {
    String computed = HashChain.next(last.hash(), row.fields());
    boolean follows = computed.equals(row.hash()) && row.seq() == last.seq() + 1;
    if (follows) {
      runs.get(runs.size() - 1).add(row);
    } else if (runs.size() > BREAKS) {
      more++;
    } else {
      runs.add(new ChainRun(row, last.seq(), computed));
    }
    sought.forEach(one -> one.pass(row));
    row.restore().ifPresent(restores::add);
    last = row;
    entries++;
  }

  private void add(long seq, Kind kind, String what) {
    faults.add(new LogFault(seq, kind, what));
  }
}
