package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Whether what is as large as a store fits on a disk. It is asked before the first byte is written:
 * on a disk that a backup has filled a daemon can take no lease, and rotates nothing.
 *
 * @param what is to be made, and what it comes to if it cannot be
 */
record Room(Disk disk, String what) {

  /**
   * Left over beside a store: a daemon's write-ahead log cannot begin anew while the store is read,
   * and its spool, its log and other programs go on writing.
   */
  private static final long RESERVE = 100L << 20;

  private static final long MEBIBYTE = 1L << 20;

  /** Whether two folders share their room. */
  boolean isShared(Path one, Path other) throws IOException {
    return disk.space(one).volume().equals(disk.space(other).volume());
  }

  /**
   * Wants so much beside a store.
   *
   * @param next what to do if it is not there
   * @throws StoreException if it is not there
   */
  void wantBesideStore(Path folder, long bytes, String next) throws IOException {
    want(folder, bytes + RESERVE, " (" + mebibytes(RESERVE) + " of it for the daemon)", next);
  }

  /**
   * Wants so much where no store is.
   *
   * @param next what to do if it is not there
   * @throws StoreException if it is not there
   */
  void want(Path folder, long bytes, String next) throws IOException {
    want(folder, bytes, "", next);
  }

  private void want(Path folder, long bytes, String share, String next) throws IOException {
    long usable = disk.space(folder).usable();
    if (usable < bytes) {
      throw new StoreException.Unavailable(
          what
              + ": on the disk of "
              + folder
              + " it needs "
              + mebibytes(bytes + MEBIBYTE - 1)
              + share
              + ", and "
              + mebibytes(usable)
              + " are free. "
              + next,
          null);
    }
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes / MEBIBYTE);
  }
}
