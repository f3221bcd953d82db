package io.refreshd.store;

import io.refreshd.rotation.LogFault;
import io.refreshd.rotation.LogFault.Kind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A head that was written down, looked for while its log is read from beginning to end. */
final class SoughtHead {

  private final LogHead head;
  private @Nullable String hashThere;
  private boolean isMoved;

  SoughtHead(LogHead head) {
    this.head = head;
    this.hashThere = head.seq() == 0 ? HashChain.START : null;
  }

  /** The next entry of the log. */
  void pass(ChainRun.Row row) {
    if (row.seq() == head.seq()) {
      hashThere = row.hash();
    } else if (row.hash().equals(head.hash())) {
      isMoved = true;
    }
  }

  /**
   * What it proves of the log.
   *
   * @param last the number of its newest entry
   * @param known what else is wrong with it
   */
  Optional<LogFault> findFault(long last, List<LogFault> known) {
    if (head.hash().equals(hashThere)) {
      return Optional.empty();
    }
    long seq = head.seq();
    if (isMoved) {
      return last < seq
          ? fault(seq, Kind.REMOVED, "has a lower number now: entries before it were removed")
          : Optional.empty();
    }
    if (last < seq) {
      String many = seq == last + 1 ? "" : ", with those up to " + seq;
      return fault(last + 1, Kind.CUT, "was written and is gone from the end" + many);
    }
    return known.stream().anyMatch(fault -> fault.seq() == seq)
        ? Optional.empty()
        : fault(
            seq,
            Kind.REWRITTEN,
            "is not the one that was written: the log was cut or rewritten, and written on");
  }

  private static Optional<LogFault> fault(long seq, Kind kind, String what) {
    return Optional.of(new LogFault(seq, kind, what));
  }
}
