package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.config.StoreSettings;
import io.refreshd.grant.GrantName;
import io.refreshd.report.RotationLogFile;
import io.refreshd.rotation.Finding;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.StoreException;
import io.refreshd.store.DaemonElsewhere;
import io.refreshd.store.OpenStore;
import io.refreshd.store.RunLock;
import io.refreshd.store.SqliteLocation;
import io.refreshd.store.TokenStores;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Looks at what a rotation needs on this machine: the store, its key, the disk, the files. */
final class SurroundingsCheck {

  private static final long MEBIBYTE = 1L << 20;
  private static final long SPACE_CRITICAL = 10 * MEBIBYTE;
  private static final long SPACE_LOW = 100 * MEBIBYTE;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  /** Nobody's grant: a lease on it proves that the store takes writes. */
  private static final GrantName PROBE = new GrantName("refreshd", "doctor");

  private final Config config;
  private final Clock clock;
  private final List<Finding> findings = new ArrayList<>();
  private boolean isStoreWell;

  SurroundingsCheck(Config config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  List<Finding> findings() {
    if (Assembly.location(config) instanceof SqliteLocation sqlite) {
      if (!isThere(sqlite)) {
        return findings;
      }
      privacy("store", sqlite.file());
    }
    if (Files.exists(config.key())) {
      privacy("key", config.key()); // else it is made with the store, or told of there
    }
    space();
    rotationLog();
    store();
    if (config.store() instanceof StoreSettings.Sqlite) {
      daemon();
    }
    return findings;
  }

  /** Whether the store was there, took writes, and was opened by its key. */
  boolean isStoreWell() {
    return isStoreWell;
  }

  private void add(Level level, String subject, String what, String next) {
    findings.add(new Finding(level, subject, what, next));
  }

  private boolean isThere(SqliteLocation sqlite) {
    try {
      if (!sqlite.isMissing()) {
        return true;
      }
      add(Level.WARNING, "store", sqlite + " does not exist yet", "the first import makes it");
    } catch (StoreException e) {
      add(Level.CRITICAL, "store", said(e), "until then nothing is known of the grants");
    }
    return false;
  }

  /** Tokens and keys are the owner's alone. */
  private void privacy(String subject, Path file) {
    try {
      Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
      open.retainAll(Files.getPosixFilePermissions(file));
      if (!open.isEmpty()) {
        add(
            Level.CRITICAL,
            subject,
            file + " is open to others than its owner",
            "chmod 600 " + file);
      }
    } catch (IOException e) {
      add(Level.CRITICAL, subject, file + " cannot be looked at: " + e, "check that it is there");
    } catch (UnsupportedOperationException e) {
      add(Level.WARNING, subject, file + " is on a disk without permissions", "use another disk");
    }
  }

  private void space() {
    try {
      FileStore disk = Files.getFileStore(config.store().base().toAbsolutePath().getParent());
      long left = disk.getUsableSpace();
      String what = String.format(Locale.ROOT, "%,d MiB free for the %s", left / MEBIBYTE, what());
      if (left >= SPACE_LOW) {
        findings.add(Finding.ok("disk", what));
      } else {
        Level level = left < SPACE_CRITICAL ? Level.CRITICAL : Level.WARNING;
        add(level, "disk", what, "free some: without space no redemption is made");
      }
    } catch (IOException e) {
      add(Level.CRITICAL, "disk", "the disk of the store does not answer: " + e, "check the disk");
    }
  }

  private String what() {
    return config.store() instanceof StoreSettings.Sqlite ? "store" : "spool";
  }

  private void rotationLog() {
    Path log = config.log();
    Optional<String> trouble = RotationLogFile.findTrouble(log);
    if (trouble.isEmpty()) {
      findings.add(Finding.ok("rotation log", log + " can be written"));
    } else {
      add(
          Level.WARNING,
          "rotation log",
          log + " cannot be written: " + trouble.get(),
          "let this user write there, or name another file in log.file; the store keeps the log"
              + " meanwhile");
    }
  }

  private void store() {
    String owner = "doctor-" + ProcessHandle.current().pid();
    try (OpenStore store = TokenStores.openToWrite(Assembly.location(config), owner, 1, clock)) {
      Instant now = clock.instant();
      Optional<Leased> probe =
          store.lease(new LeaseTerms(PROBE, now, now.plus(Duration.ofSeconds(5)), false));
      probe.ifPresent(leased -> store.release(leased.lease()));
      findings.add(Finding.ok("store", config.store() + " can be written, and its key opens it"));
      new PutBack(config, store, clock, () -> {})
          .find()
          .ifPresent(what -> add(Level.WARNING, "store", what, PutBack.NEXT));
      if (store.cluster().isPresent()) {
        findings.addAll(NodesCheck.of(store.nodes()));
        DaemonElsewhere.find(Assembly.location(config), store.nodes())
            .ifPresent(one -> add(Level.WARNING, "daemon", one.what(), one.next()));
      }
      isStoreWell = true;
    } catch (StoreException.WrongKey e) {
      add(Level.CRITICAL, "key", said(e), "bring back the key file that belongs to this store");
    } catch (StoreException e) {
      add(Level.CRITICAL, "store", said(e), "nothing is rotated until this is mended");
    }
  }

  private void daemon() {
    try {
      if (RunLock.isTaken(Assembly.location(config))) {
        findings.add(Finding.ok("daemon", "runs on this store"));
      } else {
        add(
            Level.WARNING,
            "daemon",
            "does not run on this store: nothing is rotated by itself",
            "systemctl start refreshd, or refreshd run");
      }
    } catch (StoreException e) {
      add(
          Level.WARNING,
          "daemon",
          "nobody knows whether it runs: " + said(e),
          "run this as the service's user");
    }
  }

  private static String said(StoreException e) {
    return String.valueOf(e.getMessage());
  }
}
