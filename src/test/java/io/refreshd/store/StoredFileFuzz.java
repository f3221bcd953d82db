package io.refreshd.store;

import io.refreshd.fuzz.Require;
import io.refreshd.fuzz.Scratch;
import io.refreshd.rotation.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Takes bytes as the file of the sealing keys, as the head of the log, as the first slot of a spool
 * file, and as the content of a slot whose checksum is right.
 */
public final class StoredFileFuzz {

  private static final int MAGIC = 0x52465350;
  private static final Path FOLDER = Scratch.folder();
  private static final Path STORE = FOLDER.resolve("refreshd.db");

  private StoredFileFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    keys(input);
    head(input);
    spool(input);
    spool(slot(input));
  }

  private static void keys(byte[] input) {
    Path file = Scratch.write(FOLDER.resolve("refreshd.key"), input);
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      Keyring keys = new KeyFile(file, Disk.REAL).load();
      Require.that(keys.has(keys.primary()), "its primary key is none of its keys");
    } catch (StoreException.WrongKey e) {
      Require.line(String.valueOf(e.getMessage()), 1000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void head(byte[] input) {
    HeadFile file = new HeadFile(STORE, Disk.REAL);
    Scratch.write(file.path(), input);
    try {
      HeadFile.Kept kept = file.find().orElseThrow();
      Require.that(kept.head().seq() >= 0 && kept.head().hash().length() == 64, "no head");
    } catch (StoreException.Damaged e) {
      Require.line(String.valueOf(e.getMessage()), 1000);
    }
  }

  private static void spool(byte[] start) {
    byte[] bytes = Arrays.copyOf(start, 2 * SpoolFile.SLOT);
    Path file = Scratch.write(FOLDER.resolve("refreshd.db.spool-0"), bytes);
    try (SpoolFile spool = SpoolFile.open(file, FOLDER, Disk.REAL)) {
      List<SpoolFile.Content> contents = spool.contents();
      List<SpoolFile.Torn> torn = spool.torn();
      Require.that(contents.size() + torn.size() <= 2, "more than slots");
      Require.that(spool.isBlank() == (contents.isEmpty() && torn.isEmpty()), "is it blank?");
      Require.that(SpoolFile.contentsOf(file, Disk.REAL).size() == contents.size(), "another look");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] slot(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeInt(MAGIC);
      out.writeInt(content.length);
      out.writeInt((int) crc.getValue());
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
