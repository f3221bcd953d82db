package io.refreshd.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.State;
import io.refreshd.rotation.StoreException;
import io.refreshd.store.FaultyDisk;
import io.refreshd.store.FaultyDisk.How;
import io.refreshd.store.FaultyDisk.Part;
import io.refreshd.testing.LogRecorder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The spool of a process that died with three successors in it. The place of the second one is torn
 * or spoilt at a byte of each sort: magic number, length, checksum, the grant's name, what is
 * sealed.
 */
class TornSpoolTest {

  private static final int SLOT = 160 * 1024;
  private static final int HEADER = 12;
  private static final int MAGIC = 4;

  @TempDir(factory = InMemoryFolder.class)
  private Path folder;

  /** What a spool file of three successors holds, and what the rest of the folder does. */
  private Outside outside = new Outside(RefreshTokens.REUSABLE);

  private byte[] spool = new byte[0];
  private int restarts;

  private void holdThree(RefreshTokens kind) throws IOException {
    outside = new Outside(kind);
    Path alive = folder.resolve("alive");
    try (Inside inside = Inside.start(outside, alive)) {
      outside.grants.forEach(inside::bringIn);
      outside.clock.advance(Duration.ofDays(8));
      for (Grant grant : outside.grants) {
        outside.whenAsked(() -> inside.disk.fail(EnumSet.of(Part.DATABASE), How.FULL, 1, true));
        assertThat(inside.rotate(grant)).isInstanceOf(Outcome.Rotated.class);
        inside.disk.mend();
      }
      assertThat(inside.store.held()).hasSize(3);
      Inside.copy(alive, folder.resolve("dead"));
    }
    spool = Files.readAllBytes(folder.resolve("dead").resolve("refreshd.db.spool-0"));
  }

  /** A byte of each sort, from the beginning of a slot, and the last. */
  private List<Integer> places() {
    int length = ByteBuffer.wrap(spool).getInt(SLOT + 4);
    int sealed = HEADER + 2 + outside.neighbour.name().toString().length();
    int end = HEADER + length;
    return List.of(
        1, 3, 4, 7, 8, 11, 12, 13, 14, sealed - 1, sealed, sealed + 5, end - length / 2, end - 1);
  }

  private Path restartOn(byte[] spoilt) throws IOException {
    Path here = folder.resolve("restart-" + ++restarts);
    Inside.copy(folder.resolve("dead"), here);
    Files.write(here.resolve("refreshd.db.spool-0"), spoilt);
    return here;
  }

  private void assertOnlyTheSecondIsLost(byte[] spoilt, String how) throws IOException {
    Path here = restartOn(spoilt);
    List<String> said = new ArrayList<>();
    try (LogRecorder journal = new LogRecorder();
        Inside after = Inside.start(outside, here)) {
      assertThat(after.hasNewest(outside.grants.get(0))).as(how).isTrue();
      assertThat(after.hasNewest(outside.grants.get(2))).as(how).isTrue();
      assertThat(after.record(outside.neighbour).generation()).as(how).isEqualTo(1);
      assertThat(after.store.held()).as(how).isEmpty();
      assertThat(here.resolve("refreshd.db.spool-0")).as(how).doesNotExist();
      said.addAll(journal.lines());
      goesOn(after);
    }
    assertThat(said).as(how).filteredOn(line -> line.contains("is torn")).hasSize(1);
  }

  /** With the stored token, or by asking for a consent: never by presenting a spent one. */
  private void goesOn(Inside after) {
    Outcome outcome = after.rotate(outside.neighbour);
    if (outside.neighbour.isSingleUse()) {
      assertThat(((Outcome.Failed) outcome).state()).isEqualTo(State.NEEDS_CONSENT);
      assertThat(outside.isReplayed(outside.neighbour)).isFalse();
    } else {
      assertThat(outcome).isInstanceOf(Outcome.Rotated.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTornSlotIsToldAndItsNeighboursAreStored(RefreshTokens kind) throws IOException {
    holdThree(kind);
    for (int place : places()) {
      byte[] torn = spool.clone();
      Arrays.fill(torn, SLOT + place, 2 * SLOT, (byte) 0);
      assertOnlyTheSecondIsLost(torn, "written up to byte " + place);
    }
  }

  @Test
  void aSpoiltSlotIsToldAndItsNeighboursAreStored() throws IOException {
    holdThree(RefreshTokens.REUSABLE);
    for (int place : places()) {
      byte[] spoilt = spool.clone();
      spoilt[SLOT + place] ^= 0x10;
      assertOnlyTheSecondIsLost(spoilt, "another bit in byte " + place);
    }
  }

  @Test
  void ofASlotThatTheDiskReadsAsNoiseNothingIsTakenForAToken() throws IOException {
    holdThree(RefreshTokens.REUSABLE);
    byte[] noise = spool.clone();
    Arrays.fill(noise, SLOT, 2 * SLOT, (byte) 0xff);
    assertOnlyTheSecondIsLost(noise, "noise");
  }

  @ParameterizedTest
  @EnumSource
  void aSpoolThatCannotBeReadIsReadLaterAndNothingInItIsRedeemedMeanwhile(RefreshTokens kind)
      throws IOException {
    holdThree(kind);
    FaultyDisk disk = new FaultyDisk();
    disk.fail(EnumSet.of(Part.SPOOL), How.FAILING, 1, true);
    try (Inside after = Inside.start(outside, restartOn(spool), disk)) {
      for (Grant grant : outside.grants) {
        int before = outside.requests(grant);
        assertThatThrownBy(() -> after.rotate(grant))
            .isInstanceOf(StoreException.Unavailable.class)
            .hasMessageContaining("spool");
        assertThat(outside.requests(grant)).isEqualTo(before);
      }
      disk.mend();
      outside.clock.advance(Duration.ofDays(8));
      for (Grant grant : outside.grants) {
        assertThat(after.rotate(grant)).isInstanceOf(Outcome.Rotated.class);
        assertThat(after.record(grant).generation()).isEqualTo(3);
        assertThat(outside.isReplayed(grant)).isFalse();
      }
    }
  }

  @Test
  void aSlotThatWasNeverBegunIsFree() throws IOException {
    holdThree(RefreshTokens.REUSABLE);
    byte[] free = spool.clone();
    Arrays.fill(free, SLOT, SLOT + MAGIC, (byte) 0);
    try (Inside after = Inside.start(outside, restartOn(free))) {
      assertThat(after.hasNewest(outside.grants.get(0))).isTrue();
      assertThat(after.hasNewest(outside.grants.get(2))).isTrue();
      goesOn(after);
    }
  }

  @Test
  void ofAFileThatWasCutOffEverythingIsStoredThatIsThere() throws IOException {
    holdThree(RefreshTokens.REUSABLE);
    int length = HEADER + ByteBuffer.wrap(spool).getInt(2 * SLOT + 4);
    for (int there : List.of(0, 3, 11, 12, 20, length - 1, length, length + 1, SLOT - 1)) {
      byte[] cut = Arrays.copyOf(spool, 2 * SLOT + there);
      Grant last = outside.grants.get(2);
      try (Inside after = Inside.start(outside, restartOn(cut))) {
        assertThat(after.hasNewest(outside.grants.get(0))).isTrue();
        assertThat(after.hasNewest(outside.grants.get(1))).isTrue();
        assertThat(after.hasNewest(last)).as(there + " bytes").isEqualTo(there >= length);
      }
    }
  }
}
