package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.BackupLabel;
import io.refreshd.rotation.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup file that is not as it was written, at every kind of byte. */
class BackupFileTest {

  /** The segments of the seal, and with them three of what is sealed. */
  private static final int SEGMENT = 1 << 20;

  private static final BackupLabel LABEL =
      new BackupLabel(
          Instant.parse("2026-03-01T12:00:00Z"), "a".repeat(64), 7, "b".repeat(64), 2, 3);

  @TempDir private Path folder;
  private Keyring keys;
  private Path file;
  private Path unpacked;
  private byte[] database;

  @BeforeEach
  void write() throws Exception {
    keys = Keyring.generate();
    file = folder.resolve("a.backup");
    unpacked = folder.resolve("unpacked");
    database = new byte[2 * SEGMENT + 12_345];
    new Random(1).nextBytes(database);
    Files.write(folder.resolve("database"), database);
    write(database);
  }

  private void write(byte[] content) throws Exception {
    Path source = Files.write(folder.resolve("database"), content);
    BackupFile.HeldCommit held =
        new BackupFile.HeldCommit(LIVE, keys.seal(keys.primary(), new byte[99], new byte[0]));
    new BackupFile(file)
        .write(LABEL, keys, keys.primary(), List.of(held), source, new StopRequest());
  }

  private BackupFile.Unsealed unseal() {
    return new BackupFile(file)
        .unseal(keys, folder.resolve("refreshd.key"), unpacked, new StopRequest());
  }

  private int textLength() throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).indexOf("\n\n") + 2;
  }

  private void refused(String as, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    assertThatThrownBy(this::unseal)
        .as(as)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    assertThat(new BackupFile(file).label()).isEqualTo(LABEL);

    BackupFile.Unsealed unsealed = unseal();

    assertThat(unsealed.label()).isEqualTo(LABEL);
    assertThat(unsealed.held()).extracting(BackupFile.HeldCommit::grant).containsExactly(LIVE);
    assertThat(Files.readAllBytes(unpacked)).isEqualTo(database);
  }

  @Test
  void everyChangedByteOfTheLabelIsFound() throws Exception {
    write(new byte[4_096]);
    byte[] bytes = Files.readAllBytes(file);
    int text = textLength();
    for (int place = 0; place < text; place++) {
      byte[] changed = bytes.clone();
      changed[place] ^= 1;
      refused("byte " + place + " of " + text, changed);
    }
  }

  @Test
  void aChangedByteOfTheSealedPartIsFoundWhereverItIs() throws Exception {
    write(new byte[20_000]);
    byte[] bytes = Files.readAllBytes(file);
    int text = textLength();
    Stream<Integer> places =
        Stream.concat(
            IntStream.range(text, text + 80).boxed(),
            Stream.concat(
                IntStream.iterate(text + 80, at -> at < bytes.length - 40, at -> at + 997).boxed(),
                IntStream.range(bytes.length - 40, bytes.length).boxed()));
    for (int place : places.toList()) {
      byte[] changed = bytes.clone();
      changed[place] ^= 0x10;
      refused("byte " + place + " of " + bytes.length, changed);
    }
  }

  @Test
  void aMissingEndIsFoundAlsoWhereASegmentOfTheSealEnds() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    int text = textLength();
    for (int length :
        new int[] {
          0,
          1,
          text - 1,
          text,
          text + 1,
          text + 40,
          text + SEGMENT - 1,
          text + SEGMENT,
          text + SEGMENT + 1,
          text + 2 * SEGMENT,
          bytes.length - 1
        }) {
      refused("the first " + length, Arrays.copyOf(bytes, length));
    }
  }

  @Test
  void whatIsAppendedOrLeftOutOrSwappedIsFound() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    int text = textLength();
    refused("a byte more", Arrays.copyOf(bytes, bytes.length + 1));
    ByteArrayOutputStream without = new ByteArrayOutputStream();
    without.write(bytes, 0, text + SEGMENT);
    without.write(bytes, text + 2 * SEGMENT, bytes.length - text - 2 * SEGMENT);
    refused("a segment less", without.toByteArray());
    byte[] swapped = bytes.clone();
    System.arraycopy(bytes, text + SEGMENT, swapped, text, SEGMENT);
    System.arraycopy(bytes, text, swapped, text + SEGMENT, SEGMENT);
    refused("two segments swapped", swapped);
  }

  @Test
  void theSealedPartOfAnotherBackupDoesNotFitTheLabel() throws Exception {
    byte[] first = Files.readAllBytes(file);
    int firstText = textLength();
    write(database);
    byte[] second = Files.readAllBytes(file);
    ByteArrayOutputStream mixed = new ByteArrayOutputStream();
    mixed.write(first, 0, firstText);
    mixed.write(second, textLength(), second.length - textLength());
    refused("mixed", mixed.toByteArray());
  }

  @Test
  void anotherKeyIsToldFromDamage() throws Exception {
    keys = Keyring.generate();

    assertThatThrownBy(this::unseal)
        .isInstanceOf(StoreException.WrongKey.class)
        .hasMessageContaining("does not hold that one; bring back the key file of 2026-03-01T12");
  }

  @Test
  void aNewerFormIsToldFromDamage() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes["refreshd backup ".length()] = '2';
    Files.write(file, bytes);

    assertThatThrownBy(this::unseal)
        .isNotInstanceOf(StoreException.Damaged.class)
        .hasMessageContaining("was made by a newer refreshd (backup format 2, this one knows 1)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n\n", "SQLite format 3\0", "refreshd backup", "refreshd backup x\n"})
  void anotherFileIsNoBackup(String content) throws IOException {
    Files.writeString(file, content);

    assertThatThrownBy(this::unseal).hasMessageContaining("is not a backup that refreshd made");
  }
}
