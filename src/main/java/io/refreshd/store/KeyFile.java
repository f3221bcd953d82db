package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.Set;

/** The file of the sealing keys, in clear; for the owner alone. */
final class KeyFile {

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /** A hundred keys take less. */
  private static final long LARGEST = 64 * 1024;

  private final Path path;
  private final WholeFile file;

  KeyFile(Path path, Disk disk) {
    this.path = path;
    this.file = new WholeFile(path, disk);
  }

  Path path() {
    return path;
  }

  /** Reads the keys. */
  Keyring load() {
    String json;
    try {
      refuseIfOpenToOthers();
      byte[] bytes = Files.size(path) > LARGEST ? new byte[0] : file.read();
      json = new String(bytes, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new StoreException.WrongKey(
          "the key file "
              + path
              + " is missing; the store was sealed with it, so bring it back from a backup",
          e);
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the key file "
              + path
              + " cannot be read ("
              + e
              + "); check its permissions and its disk. the store itself is not in question",
          e);
    }
    try {
      return Keyring.parse(json);
    } catch (GeneralSecurityException | RuntimeException e) {
      // the cause stays out: it might quote the key
      throw new StoreException.WrongKey(
          "the key file " + path + " does not hold sealing keys; bring it back from a backup",
          null);
    }
  }

  /** Reads the keys; where there is no file yet it is made, with a new key. */
  Keyring loadOrCreate() {
    if (!Files.exists(path)) {
      try {
        Files.createDirectories(StoreLocation.folderOf(path), WholeFile.OWNERS_FOLDER);
        file.create(Keyring.generate().json());
      } catch (FileAlreadyExistsException e) {
        // another process made it in between: its key is the one
        return load();
      } catch (IOException | GeneralSecurityException e) {
        throw cannotWrite(e);
      }
    }
    return load();
  }

  /** Makes it, with keys that there are already; one that is there is not touched. */
  void create(Keyring keys) {
    try {
      WholeFile.createFolder(path);
      file.create(keys.json());
    } catch (IOException | GeneralSecurityException e) {
      throw cannotWrite(e);
    }
  }

  void replace(Keyring keys) {
    try {
      file.replace(keys.json());
    } catch (IOException | GeneralSecurityException e) {
      throw cannotWrite(e);
    }
  }

  /**
   * Removes what a process has left behind that was killed while it wrote the file: keys that are
   * not in use, or not any more. Whoever calls has the lock {@link LockFile#SET_UP}.
   */
  void removeHalves() {
    try {
      file.removeHalves();
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private StoreException cannotWrite(Exception e) {
    return new StoreException.Unavailable(
        "the key file "
            + path
            + " cannot be written ("
            + e
            + "); is there space left on its disk, and may its folder be written?",
        e);
  }

  private void refuseIfOpenToOthers() throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    if (permissions.stream().anyMatch(OTHERS::contains)) {
      throw new StoreException(
          "the key file " + path + " is open to others than its owner; run: chmod 600 " + path,
          null);
    }
  }
}
