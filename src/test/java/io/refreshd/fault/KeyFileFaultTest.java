package io.refreshd.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.StoreException;
import io.refreshd.store.FaultyDisk;
import io.refreshd.store.FaultyDisk.Fault;
import io.refreshd.store.FaultyDisk.How;
import io.refreshd.store.FaultyDisk.Part;
import io.refreshd.store.SealingKeyRotation.OldKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The sealing key on a disk that fails: while it is made, while it is rotated, and afterwards. */
class KeyFileFaultTest {

  private static final Set<Part> FILES = EnumSet.of(Part.KEY_FILE, Part.HEAD_FILE);
  private static final int MORE_THAN_NEEDED = 100;

  @TempDir(factory = InMemoryFolder.class)
  private Path folder;

  private final Outside outside = new Outside(RefreshTokens.REUSABLE);
  private Path store;

  @BeforeEach
  void aStore() {
    store = folder.resolve("store");
    try (Inside inside = Inside.start(outside, store)) {
      inside.bringIn(outside.grant);
      inside.bringIn(outside.neighbour);
    }
    outside.clock.advance(Duration.ofDays(8));
  }

  private Path key() {
    return store.resolve("refreshd.key");
  }

  private static void assertNothingIsLeft(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      assertThat(files.filter(file -> file.toString().endsWith(".new"))).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFirstStartThatFailsAtAnyCallIsMadeUpForByTheNext(How how) throws IOException {
    int nth = 1;
    while (isFirstStartHit(how, nth)) {
      nth++;
      assertThat(nth).isLessThan(MORE_THAN_NEEDED);
    }
    assertThat(nth).as("calls that failed").isGreaterThan(1);
  }

  private boolean isFirstStartHit(How how, int nth) throws IOException {
    Path fresh = folder.resolve("fresh-" + how + nth);
    FaultyDisk disk = new FaultyDisk();
    Fault fault = disk.fail(FILES, how, nth, true);
    try {
      disk.open(Inside.location(fresh), "run", outside.clock).close();
    } catch (StoreException e) {
      assertThat(e).isInstanceOf(StoreException.Unavailable.class);
      assertThat(e.getMessage()).as("says which file").containsAnyOf("refreshd.key", "db.head");
      assertNothingIsLeft(fresh);
    }
    Outside others = new Outside(RefreshTokens.REUSABLE);
    try (Inside next = Inside.start(others, fresh)) {
      next.bringIn(others.grant);
      assertThat(next.hasNewest(others.grant)).isTrue();
      assertThat(next.isLogProven()).isTrue();
    }
    return fault.isHit();
  }

  static Stream<How> waysOfADatabaseToo() {
    return Stream.of(How.FULL, How.READ_ONLY, How.FAILING, How.UNTOLD);
  }

  @ParameterizedTest
  @MethodSource("waysOfADatabaseToo")
  void aKeyRotationThatFailsAtAnyCallIsCompletedByTheNext(How how) throws IOException {
    for (Set<Part> parts : List.of(EnumSet.of(Part.DATABASE), FILES)) {
      int nth = 1;
      while (isKeyRotationHit(parts, how, nth)) {
        nth++;
        assertThat(nth).isLessThan(MORE_THAN_NEEDED);
      }
      assertThat(nth).as("calls that failed").isGreaterThan(1);
    }
  }

  private boolean isKeyRotationHit(Set<Part> parts, How how, int nth) throws IOException {
    Path here = Files.createTempDirectory(folder, "rotation-");
    Path killed = here.resolve("killed");
    Inside.copy(store, here);
    try (Inside inside = Inside.start(outside, here)) {
      Fault fault = inside.disk.fail(parts, how, nth, true);
      try {
        inside.store.sealingKeyRotation().run((step, resealed) -> {});
      } catch (StoreException e) {
        assertThat(e.getMessage()).containsAnyOf("refreshd.key", "refreshd.db");
      }
      Inside.copy(here, killed);
      inside.disk.mend();
      isAsGoodAsNew(inside, here);
      try (Inside after = Inside.start(outside, killed)) {
        isAsGoodAsNew(after, killed);
      }
      return fault.isHit();
    }
  }

  private void isAsGoodAsNew(Inside inside, Path here) throws IOException {
    assertThat(inside.record(outside.grant).generation()).isEqualTo(1);
    assertThat(inside.rotate(outside.grant)).isInstanceOf(Outcome.Rotated.class);
    assertThat(inside.hasNewest(outside.grant)).isTrue();
    var done = inside.store.sealingKeyRotation().run((step, resealed) -> {});
    assertThat(done.oldKeys()).isEqualTo(OldKeys.REMOVED);
    assertThat(inside.rotate(outside.neighbour)).isInstanceOf(Outcome.Rotated.class);
    assertThat(inside.hasNewest(outside.neighbour)).isTrue();
    assertThat(inside.isLogProven()).isTrue();
    assertNothingIsLeft(here);
  }

  @Test
  void aHalfWrittenKeyIsToldApartFromADamagedStoreAndIsNotReplaced() throws IOException {
    byte[] whole = Files.readAllBytes(key());
    for (int there : List.of(0, 1, whole.length / 2, whole.length - 2)) {
      assertKeyIsWrong(Arrays.copyOf(whole, there));
    }
    assertKeyIsWrong(new byte[whole.length]);
    for (int place = 0; place < whole.length; place += whole.length / 20) {
      byte[] spoilt = whole.clone();
      spoilt[place] ^= 0x02;
      assertKeyIsWrongOrTheSame(spoilt);
    }
    Files.write(key(), whole);
    try (Inside inside = Inside.start(outside, store)) {
      assertThat(inside.rotate(outside.grant)).isInstanceOf(Outcome.Rotated.class);
    }
  }

  private void assertKeyIsWrong(byte[] spoilt) throws IOException {
    Files.write(key(), spoilt);
    String text = new String(spoilt, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Inside.start(outside, store))
        .as("with the key file%n%s", text)
        .isInstanceOf(StoreException.WrongKey.class)
        .hasMessageContaining("refreshd.key")
        .hasMessageContaining("backup");
    assertThat(key()).hasBinaryContent(spoilt);
  }

  /** Not every bit of the text is one of the key. */
  private void assertKeyIsWrongOrTheSame(byte[] spoilt) throws IOException {
    Files.write(key(), spoilt);
    try (Inside inside = Inside.start(outside, store)) {
      assertThat(inside.hasNewest(outside.neighbour)).isTrue();
    } catch (StoreException.WrongKey e) {
      assertThat(e).hasMessageContaining("refreshd.key").hasMessageContaining("backup");
    }
    assertThat(key()).hasBinaryContent(spoilt);
  }

  @Test
  void aKeyThatCannotBeReadIsToldApartFromADamagedStore() {
    FaultyDisk disk = new FaultyDisk();
    disk.fail(EnumSet.of(Part.KEY_FILE), How.FAILING, 1, true);
    assertThatThrownBy(() -> disk.open(Inside.location(store), "run", outside.clock))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessageContaining("the key file")
        .hasMessageContaining("the store itself is not in question");
  }

  @Test
  void aDaemonThatRunsGoesOnAndSpoolsWhenItsKeyFileIsSpoilt() throws IOException {
    byte[] whole = Files.readAllBytes(key());
    Path killed = folder.resolve("killed");
    try (Inside inside = Inside.start(outside, store)) {
      assertThat(inside.rotate(outside.grant)).isInstanceOf(Outcome.Rotated.class);
      Files.write(key(), Arrays.copyOf(whole, 10));
      outside.whenAsked(() -> inside.disk.fail(EnumSet.of(Part.DATABASE), How.FULL, 1, true));
      assertThat(inside.rotate(outside.neighbour)).isInstanceOf(Outcome.Rotated.class);
      assertThat(inside.store.held()).containsExactly(outside.neighbour.name());
      Files.write(key(), whole);
      Inside.copy(store, killed);
    }
    try (Inside after = Inside.start(outside, killed)) {
      assertThat(after.hasNewest(outside.grant)).isTrue();
      assertThat(after.hasNewest(outside.neighbour)).isTrue();
    }
  }
}
