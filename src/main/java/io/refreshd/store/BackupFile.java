package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.BackupLabel;
import io.refreshd.rotation.StoreException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * A backup file: {@link BackupText}, then, sealed as one, what the spools hold and the database.
 * Everything in it but the label is sealed, names and the log too.
 */
final class BackupFile {

  private static final int MOST_HELD = 10_000_000;

  /** A commit that waited in a spool, sealed as it stood there. */
  record HeldCommit(GrantName grant, Sealed sealed) {}

  /** What a backup held beside its database. */
  record Unsealed(BackupLabel label, List<HeldCommit> held) {}

  private final Path path;

  BackupFile(Path path) {
    this.path = path;
  }

  /** Writes it to an empty file that is there, and makes that durable. */
  void write(
      BackupLabel label,
      Keyring keys,
      int key,
      List<HeldCommit> held,
      Path database,
      StopRequest stop)
      throws IOException, GeneralSecurityException {
    BackupSeal seal = BackupSeal.generate();
    String lines = BackupText.lines(label);
    String text = BackupText.whole(lines, seal.sealed(keys, key, lines));
    try (FileOutputStream file = new FileOutputStream(path.toFile())) {
      file.write(BackupText.bytes(text));
      try (DataOutputStream out =
          new DataOutputStream(
              new BufferedOutputStream(seal.seal(new StaysOpen(file, stop), text)))) {
        writeHeld(out, held);
        Files.copy(database, out);
      }
      file.getFD().sync();
    }
  }

  private static void writeHeld(DataOutputStream out, List<HeldCommit> held) throws IOException {
    out.writeInt(held.size());
    for (HeldCommit one : held) {
      out.writeUTF(one.grant().toString());
      out.writeInt(one.sealed().bytes().length);
      out.write(one.sealed().bytes());
    }
  }

  /** What it says of itself; not proven yet. */
  BackupLabel label() {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      return BackupText.read(path, in).label();
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  /**
   * Reads it to its end, which proves it whole, and writes the database to an empty file.
   *
   * @throws StoreException.WrongKey if no key of the ring has sealed it; {@link
   *     StoreException.Damaged} if it is not as it was written
   */
  Unsealed unseal(Keyring keys, Path keyFile, Path database, StopRequest stop) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      BackupText.Read text = BackupText.read(path, in);
      BackupSeal seal = open(keys, keyFile, text);
      try (DataInputStream sealed = new DataInputStream(seal.open(in, text.whole()))) {
        return new Unsealed(text.label(), readAll(sealed, database, stop));
      }
    } catch (IOException e) {
      throw cannotRead(e);
    } catch (GeneralSecurityException e) {
      throw BackupText.damaged(path, "it does not open");
    }
  }

  private BackupSeal open(Keyring keys, Path keyFile, BackupText.Read text)
      throws GeneralSecurityException {
    if (!keys.has(text.key().key())) {
      throw new StoreException.WrongKey(
          "the backup "
              + path
              + " was sealed with key "
              + Integer.toUnsignedString(text.key().key())
              + ", and the key file "
              + keyFile
              + " does not hold that one; bring back the key file of "
              + text.label().made(),
          null);
    }
    return BackupSeal.open(keys, text.key(), text.lines());
  }

  private List<HeldCommit> readAll(DataInputStream sealed, Path database, StopRequest stop) {
    List<HeldCommit> held;
    try {
      held = readHeld(sealed);
    } catch (IOException | IllegalArgumentException e) {
      throw BackupText.damaged(path, "it does not open");
    }
    try (OutputStream out = Files.newOutputStream(database)) {
      byte[] buffer = new byte[1 << 16];
      int read;
      while ((read = read(sealed, buffer)) >= 0) {
        stop.obey();
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the backup cannot be unpacked to "
              + database
              + " ("
              + Reason.of(e)
              + "); nothing was restored",
          e);
    }
    return held;
  }

  /** A fault of the backup, told from one of the disk that it is unpacked to. */
  private int read(InputStream from, byte[] buffer) {
    try {
      return from.read(buffer);
    } catch (IOException e) {
      throw BackupText.damaged(path, "it does not open to its end");
    }
  }

  private static List<HeldCommit> readHeld(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MOST_HELD) {
      throw new IOException("a number that cannot be");
    }
    List<HeldCommit> held = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      GrantName grant = GrantName.parse(in.readUTF());
      int length = in.readInt();
      if (length < 0 || length > SpoolFile.SLOT) {
        throw new IOException("a number that cannot be");
      }
      held.add(new HeldCommit(grant, Sealed.of(in.readNBytes(length))));
    }
    return held;
  }

  private StoreException cannotRead(IOException e) {
    return new StoreException.Unavailable(
        "the backup " + path + " cannot be read (" + Reason.of(e) + "); nothing was restored", e);
  }

  /** The stream of a file that is still to be synced when what seals it is closed. */
  private static final class StaysOpen extends FilterOutputStream {

    private final StopRequest stop;

    StaysOpen(OutputStream out, StopRequest stop) {
      super(out);
      this.stop = stop;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      stop.obey();
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
