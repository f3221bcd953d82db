package io.refreshd.daemon;

import io.refreshd.rotation.Entry;
import io.refreshd.rotation.RotationListener;
import io.refreshd.rotation.TokenStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log line per event: the grant's name first. */
final class EntryLog implements RotationListener {

  private static final Logger LOG = LoggerFactory.getLogger(EntryLog.class);

  @Override
  public void told(Entry entry, TokenStore.Kept kept) {
    switch (entry.event()) {
      case REFUSED, UNREACHABLE -> LOG.warn("{}: {}", entry.grant(), failure(entry));
      case ROTATED -> rotated(entry, kept);
      // an alert may be about several grants, and its message names them
      case ALERTED -> LOG.info("{}{}", entry.event().word(), message(entry, ": "));
      case ALERT_FAILED -> LOG.warn("{}{}", entry.event().word(), message(entry, ": "));
      default -> LOG.info("{}: {}{}", entry.grant(), entry.event().word(), message(entry, " "));
    }
  }

  private static void rotated(Entry entry, TokenStore.Kept kept) {
    String text =
        "rotated to generation "
            + entry.generation()
            + (entry.duration() == null ? "" : " in " + entry.duration().toMillis() + " ms")
            + ", good until "
            + entry.expiresAt();
    if (kept == TokenStore.Kept.STORED) {
      LOG.info("{}: {}", entry.grant(), text);
    } else {
      LOG.error(
          "{}: {}, but the store cannot be written: the new token is held and is stored as soon as"
              + " the store is back. free the disk; do not delete the spool file",
          entry.grant(),
          text);
    }
  }

  private static String failure(Entry entry) {
    Entry.Refusal refusal = entry.refusal();
    String kind = refusal == null ? "" : " (" + refusal.kind().word() + ")";
    return entry.event().word() + kind + message(entry, ": ");
  }

  private static String message(Entry entry, String before) {
    return entry.message() == null ? "" : before + entry.message();
  }
}
