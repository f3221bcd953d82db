package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code <store>.head}: the head of the rotation log, apart from the store. One line:
 * number, hash, and an empty text sealed with the store's key and bound to both, in hex.
 */
final class HeadFile {

  private static final Logger LOG = LoggerFactory.getLogger(HeadFile.class);

  private static final Pattern LINE =
      Pattern.compile("([0-9]{1,18}) ([0-9a-f]{64}) ((?:[0-9a-f]{2}){1,200})\n");
  private static final int LIMIT = 1_000;

  /** A head and its seal. */
  record Kept(LogHead head, Sealed seal) {

    /** Reads a {@link #line} of a file. */
    static Kept parse(String text, Path file) {
      Matcher line = LINE.matcher(text);
      if (!line.matches()) {
        throw new StoreException.Damaged("the file " + file + " does not hold a head", null);
      }
      byte[] seal = HexFormat.of().parseHex(line.group(3));
      return new Kept(new LogHead(Long.parseLong(line.group(1)), line.group(2)), Sealed.of(seal));
    }

    String line() {
      return head.seq() + " " + head.hash() + " " + HexFormat.of().formatHex(seal.bytes()) + "\n";
    }
  }

  private final Path store;
  private final Path path;
  private final WholeFile file;
  private final LostHeads lost;

  HeadFile(Path store, Disk disk) {
    this.store = store;
    this.path = Path.of(store + ".head");
    this.file = new WholeFile(path, disk);
    this.lost = new LostHeads(store, disk);
  }

  Path path() {
    return path;
  }

  /** The heads that the same log had and has no more. */
  LostHeads lost() {
    return lost;
  }

  /**
   * What it says.
   *
   * @throws StoreException.Damaged if it does not hold a head
   */
  Optional<Kept> find() {
    try {
      byte[] bytes = Files.size(path) > LIMIT ? new byte[0] : file.read();
      return Optional.of(Kept.parse(new String(bytes, StandardCharsets.ISO_8859_1), path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the head of the rotation log, " + path + ", cannot be read (" + Reason.of(e) + ")", e);
    }
  }

  /** When it was written last; {@link Instant#MAX} if nobody knows. */
  Instant lastWritten() {
    try {
      return Files.getLastModifiedTime(path).toInstant();
    } catch (IOException e) {
      return Instant.MAX;
    }
  }

  /**
   * Makes it for a log without an entry, durably: from the first entry on a missing head shows that
   * somebody removed it. One that is there stays as it is. For who sets the store up.
   */
  void begin(Sealed seal) {
    try {
      file.create(new Kept(LogHead.START, seal).line());
    } catch (FileAlreadyExistsException e) {
      LOG.debug("{} is there already", path);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** Removes the head of an empty log, so that another one can begin in its place. */
  void removeBegun() {
    if (find().filter(kept -> kept.head().seq() == 0).isPresent()) {
      try {
        Files.delete(path);
      } catch (IOException e) {
        throw cannotWrite(e);
      }
    }
  }

  /** Writes it. Whoever calls has the lock {@link LockFile#HEAD}. */
  void write(Kept kept) {
    try {
      file.replaceLazily(store, kept.line());
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** The same, durably. */
  void writeDurably(Kept kept) {
    write(kept);
    try {
      file.syncFolder();
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private StoreException cannotWrite(IOException e) {
    return new StoreException.Unavailable(
        "the head of the rotation log, " + path + ", cannot be written (" + Reason.of(e) + ")", e);
  }
}
