package io.refreshd.store;

import io.refreshd.rotation.LogFault;
import io.refreshd.rotation.LogFault.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says what was done to a log whose chain is broken, from its unbroken runs: whom the first entry
 * of a run follows tells where the run stood.
 *
 * <ul>
 *   <li>It follows nobody: its content was changed; behind a gap: what it followed was removed.
 *   <li>Nobody follows a run, and the next run goes on from before it: it was inserted.
 *   <li>It follows the end of a run that is elsewhere: it stood behind that one.
 * </ul>
 */
final class ChainDiagnosis {

  /** The entry that a run follows. */
  private record Followed(ChainRun run, long seq) {
    boolean isEnd() {
      return seq == run.last();
    }
  }

  private final List<ChainRun> runs;
  private final Map<ChainRun, Followed> followed = new HashMap<>();
  private final Map<ChainRun, Long> places = new HashMap<>();
  private final Map<ChainRun, LogFault> inserted = new HashMap<>();
  private final List<LogFault> faults = new ArrayList<>();

  /** The runs of a log, the first of which is {@link ChainRun#start}. */
  ChainDiagnosis(List<ChainRun> runs) {
    this.runs = List.copyOf(runs);
  }

  /** What was done, by number; at least one if there is more than one run. */
  List<LogFault> faults() {
    for (ChainRun run : runs.subList(1, runs.size())) {
      findFollowed(run);
    }
    for (int i = 1; i < runs.size() - 1; i++) {
      if (isPutBetween(runs.get(i), runs.get(i + 1))) {
        insert(runs.get(i), runs.get(i).first().seq());
      }
    }
    runs.forEach(this::findPutAtEnd);
    runs.subList(1, runs.size()).forEach(this::diagnose);
    faults.addAll(inserted.values());
    if (faults.isEmpty() && runs.size() > 1) {
      add(runs.get(1).first().seq(), Kind.CHANGED, "does not follow the entry before it");
    }
    faults.sort(Comparator.comparingLong(LogFault::seq));
    return faults;
  }

  private void findFollowed(ChainRun run) {
    for (ChainRun other : runs) {
      long seq = other.findFollowed(run.first());
      if (seq >= 0) {
        followed.put(run, new Followed(other, seq));
        return;
      }
    }
  }

  private boolean isPutBetween(ChainRun run, ChainRun next) {
    Followed before = followed.get(run);
    Followed beforeNext = followed.get(next);
    return (before == null || !before.isEnd())
        && beforeNext != null
        && beforeNext.run() != run
        && isFollowedByNobody(run);
  }

  private boolean isFollowedByNobody(ChainRun run) {
    return followed.values().stream().noneMatch(f -> f.run() == run && f.isEnd());
  }

  /** Entries at the end of a run that fit it, but that the log does not go on from. */
  private void findPutAtEnd(ChainRun run) {
    if (!inserted.containsKey(run) && isFollowedByNobody(run)) {
      followed.entrySet().stream()
          .filter(f -> f.getValue().run() == run && !inserted.containsKey(f.getKey()))
          .mapToLong(f -> f.getValue().seq())
          .max()
          .ifPresent(seq -> insert(run, seq + 1));
    }
  }

  private void insert(ChainRun run, long from) {
    String many = from == run.last() ? "" : ", with those up to entry " + run.last();
    inserted.put(
        run,
        new LogFault(
            from, Kind.INSERTED, "was inserted" + many + ": the log goes on from before it"));
  }

  private void diagnose(ChainRun run) {
    Followed before = followed.get(run);
    LogFault insertion = inserted.get(run);
    if (insertion != null && insertion.seq() == run.first().seq()) {
      return;
    }
    if (before == null) {
      diagnoseOrphan(run);
    } else if (run.isBehindGap() && before.seq() == run.before()) {
      add(
          run.first().seq(),
          Kind.CHANGED,
          "had the number " + (run.before() + 1) + ": it follows entry " + run.before());
    } else if (place(run) != start(run)) {
      String many = run.length() == 1 ? "" : ", with those up to entry " + run.last();
      add(run.first().seq(), Kind.REORDERED, "stood at number " + place(run) + many);
    }
  }

  private void diagnoseOrphan(ChainRun run) {
    long seq = run.first().seq();
    if (run.isBehindGap()) {
      long first = run.before() + 1;
      String many = first == seq - 1 ? "is missing" : "is missing, with those up to " + (seq - 1);
      add(first, Kind.REMOVED, many);
    } else if (isHashChanged(run)) {
      add(seq, Kind.CHANGED, "has another hash than its content: the hash was changed");
    } else if (!isAfterChangedHash(run)) {
      add(
          seq,
          Kind.CHANGED,
          "does not fit its hash: it was changed, or what stood before it was rewritten or removed");
    }
  }

  private boolean isHashChanged(ChainRun run) {
    @Nullable ChainRun next = after(run);
    return next != null && run.isFollowedByContent(next.first());
  }

  private boolean isAfterChangedHash(ChainRun run) {
    return runs.get(runs.indexOf(run) - 1).isFollowedByContent(run.first());
  }

  private @Nullable ChainRun after(ChainRun run) {
    int next = runs.indexOf(run) + 1;
    return next == runs.size() ? null : runs.get(next);
  }

  /** The number that the run's first entry had. */
  private long place(ChainRun run) {
    Long known = places.get(run);
    if (known != null) {
      return known;
    }
    // taken for its place until it is known: copies of an entry could lead round in a circle
    places.put(run, start(run));
    Followed before = followed.get(run);
    if (before != null) {
      places.put(run, place(before.run()) + before.seq() - before.run().first().seq() + 1);
    }
    return places.getOrDefault(run, start(run));
  }

  /** The number of the run's first entry, without what was inserted before it. */
  private long start(ChainRun run) {
    long put = 0;
    for (ChainRun other : runs.subList(0, runs.indexOf(run))) {
      LogFault insertion = inserted.get(other);
      put += insertion == null ? 0 : other.last() - insertion.seq() + 1;
    }
    return run.first().seq() - put;
  }

  private void add(long seq, Kind kind, String what) {
    faults.add(new LogFault(seq, kind, what));
  }
}
