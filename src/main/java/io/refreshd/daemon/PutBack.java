package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.Withholding;
import io.refreshd.store.LogHead;
import io.refreshd.store.LostHead;
import io.refreshd.store.OpenStore;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recognises a store that somebody put back by hand: the head of its log, which is kept apart,
 * tells of entries that it does not have. To be asked before anything is redeemed.
 */
final class PutBack {

  private static final Logger LOG = LoggerFactory.getLogger(PutBack.class);

  private static final String ENTRY = "put back by hand, or cut: entry ";

  /** What a person is to do. */
  static final String NEXT = "settle it: docs/operations.md, \"Restore\"";

  private final Config config;
  private final OpenStore store;
  private final Clock clock;
  private final Runnable progress;

  /**
   * Looks at a store.
   *
   * @param progress is told again and again that it goes on: a large fleet takes its time
   */
  PutBack(Config config, OpenStore store, Clock clock, Runnable progress) {
    this.config = config;
    this.store = store;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Withholds the tokens of single-use servers, once for each head that is missed, and says so.
   *
   * @return what was found; empty if nothing is, or it was seen to before
   */
  Optional<String> settle() {
    LostHead lost = store.findLostHead().orElse(null);
    if (lost == null) {
      store.findHeadSetAside().map(this::told).ifPresent(PutBack::remind);
      return Optional.empty();
    }
    LogHead head = lost.head();
    String found = told(head);
    if (isSeenTo(lost)) {
      store.settled(head);
      remind(found);
      return Optional.empty();
    }
    long withheld = withhold();
    store.append(
        Entry.of(
            clock.instant(),
            null,
            Event.RESTORED,
            ENTRY
                + head.seq()
                + " was written and is not there, hash "
                + head.hash()
                + "; withheld: "
                + withheld));
    store.settled(head);
    String consequence =
        "; tokens of single-use servers may be spent: "
            + withheld
            + " of them wait for a person now; tokens of reusable servers live on until their own"
            + " end, and are rotated";
    LOG.error("{}{}. {}", found, consequence, NEXT);
    return Optional.of(found + consequence);
  }

  /** What is wrong with the store, seen to or not, and changes nothing; empty if nothing is. */
  Optional<String> find() {
    return store.findLostHead().map(LostHead::head).or(store::findHeadSetAside).map(this::told);
  }

  private static void remind(String found) {
    LOG.warn("{} (seen to before). {}", found, NEXT);
  }

  private String told(LogHead head) {
    return "the store "
        + config.store()
        + " is older than its rotation log has been: entry "
        + head.seq()
        + " was written and is not there. an old copy was put back without `refreshd restore`,"
        + " or its server failed over to a standby that lagged behind, or the log was cut";
  }

  /**
   * Whether everything is withheld that may be spent since the entry was lost: the log says so of
   * it, or of another daemon's head at a time when this one was lost already.
   */
  private boolean isSeenTo(LostHead lost) {
    LoggedEntry newest = store.findNewest(Event.RESTORED, PutBack::isOurs).orElse(null);
    return newest != null && (isBehind(newest, lost) || isNamed(lost.head()));
  }

  /**
   * In the place of a lost entry, and behind it, stands what was written after the loss. A head in
   * a file was written down before its entry could be lost; of what a clock that was ahead has
   * written, nobody can say.
   */
  private boolean isBehind(LoggedEntry word, LostHead lost) {
    Instant at = word.entry().at();
    Instant keptAt = lost.keptAt();
    return keptAt == null
        ? word.seq() >= lost.head().seq()
        : at.isAfter(keptAt) && !at.isAfter(clock.instant());
  }

  private boolean isNamed(LogHead head) {
    return store
        .findNewest(
            Event.RESTORED,
            entry -> isOurs(entry) && String.valueOf(entry.message()).contains(head.hash()))
        .isPresent();
  }

  private static boolean isOurs(Entry entry) {
    return entry.grant() == null && String.valueOf(entry.message()).startsWith(ENTRY);
  }

  /** Of a grant that no configuration names nobody knows its server. */
  private long withhold() {
    Set<GrantName> reusable =
        config.grants().stream()
            .filter(grant -> !grant.isSingleUse())
            .map(Grant::name)
            .collect(Collectors.toSet());
    Withholding withholding = new Withholding(store, clock);
    LongAdder before = new LongAdder();
    store.readRecords(
        record -> {
          progress.run();
          if (reusable.contains(record.name())) {
            return;
          }
          if (Withholding.isWithheld(record)) {
            before.increment();
          } else {
            withholding.withhold(record, "the store is an old copy: its token may be spent");
          }
        });
    return before.sum() + withholding.finish();
  }
}
