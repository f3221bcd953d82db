package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other SQLite stores beside a store and beside its key file, those that a restore has kept
 * aside included: the same key file may seal them. One in another folder is not known of.
 */
final class StoresBeside {

  private static final Logger LOG = LoggerFactory.getLogger(StoresBeside.class);

  /** The name of a copy on its way into a backup: that one needs the key file of its day anyway. */
  private static final String COPY = ".copying";

  private final StoreLocation location;

  StoresBeside(StoreLocation location) {
    this.location = location;
  }

  /**
   * Those that need another key of the ring than its primary one. What cannot be read is taken for
   * one of them: a key that is gone does not come back.
   */
  List<Path> needingOld(Keyring keys) {
    Set<Integer> old = new HashSet<>(keys.numbers());
    old.remove(keys.primary());
    Set<Path> needing = new TreeSet<>();
    for (Path folder : old.isEmpty() ? Set.<Path>of() : folders()) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, this::isOther)) {
        for (Path file : files) {
          if (needsOneOf(old, keys, file)) {
            needing.add(file);
          }
        }
      } catch (IOException | DirectoryIteratorException e) {
        LOG.warn("{} cannot be looked through for other stores: {}", folder, e.toString());
        needing.add(folder);
      }
    }
    return List.copyOf(needing);
  }

  /** A link and what it names may stand in two. */
  private Set<Path> folders() {
    Set<Path> folders = new TreeSet<>();
    for (Path file : List.of(location.base(), location.keyFile())) {
      folders.add(real(StoreLocation.folderOf(file)));
      folders.add(StoreLocation.folderOf(real(file)));
    }
    return folders;
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path; // it is not there, or whoever lists it is told
    }
  }

  /** What this user may not read, the key file of this user does not seal. */
  private boolean isOther(Path file) throws IOException {
    Path ours = location.base();
    return Files.isRegularFile(file)
        && Files.isReadable(file)
        && !file.toString().endsWith(COPY)
        && !new StoreFiles(ours).have(file)
        && !(Files.exists(ours) && Files.isSameFile(ours, file))
        && ReplacedStore.isDatabase(file);
  }

  private static boolean needsOneOf(Set<Integer> old, Keyring keys, Path store) {
    try (StoreSnapshot read = StoreSnapshot.open(store, new StopRequest())) {
      return read.isStore()
          && (read.key().filter(key -> old.contains(key.number())).isPresent()
              || old.stream().anyMatch(key -> isUsed(key, keys, read, store)));
    } catch (StoreException e) {
      LOG.warn("it is not known which key {} needs: {}", store, e.getMessage());
      return true;
    }
  }

  /** As where its own new key was interrupted. */
  private static boolean isUsed(int key, Keyring keys, StoreSnapshot read, Path store) {
    return read.findSealedWith(key, keys).isPresent()
        || new Spools(store, 0, Disk.REAL)
            .contents().stream().anyMatch(content -> content.sealed().isOf(key))
        || hasSealedHead(key, store)
        || hasSealedHead(key, RestoredHead.stagedFor(store));
  }

  private static boolean hasSealedHead(int key, Path store) {
    try {
      HeadFile head = new HeadFile(store, Disk.REAL);
      return Stream.concat(head.find().stream(), head.lost().all().stream())
          .anyMatch(kept -> kept.seal().isOf(key));
    } catch (StoreException.Damaged e) {
      return false; // it is no head with any key
    }
  }
}
