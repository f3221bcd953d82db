package io.refreshd.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.LogFault;
import io.refreshd.rotation.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SQLite's write-ahead log, cut off or spoilt after a kill: what the store then holds is a state
 * that it once had, whole, and refreshd goes on from there. (The format:
 * https://www.sqlite.org/fileformat2.html#walformat)
 */
class TornWalTest {

  private static final int WAL_HEADER = 32;
  private static final int FRAME_HEADER = 24;
  private static final int ROTATIONS = 5;

  @TempDir(factory = InMemoryFolder.class)
  private Path folder;

  private final Outside outside = new Outside(RefreshTokens.REUSABLE);
  private final List<String> tokens = new ArrayList<>();
  private Path killed;
  private byte[] wal;
  private int restarts;

  @BeforeEach
  void aDaemonThatWasKilled() throws IOException {
    Path alive = folder.resolve("alive");
    killed = folder.resolve("killed");
    try (Inside inside = Inside.start(outside, alive)) {
      inside.bringIn(outside.grant);
      tokens.add(outside.newest(outside.grant).fingerprint());
    }
    try (Inside inside = Inside.start(outside, alive)) {
      for (int n = 0; n < ROTATIONS; n++) {
        outside.clock.advance(Duration.ofDays(8));
        assertThat(inside.rotate(outside.grant)).isInstanceOf(Outcome.Rotated.class);
        tokens.add(outside.newest(outside.grant).fingerprint());
      }
      outside.clock.advance(Duration.ofDays(8));
      Inside.copy(alive, killed);
    }
    wal = Files.readAllBytes(killed.resolve("refreshd.db-wal"));
  }

  private int frame() {
    return FRAME_HEADER + ByteBuffer.wrap(wal).getInt(8);
  }

  private int frames() {
    return (wal.length - WAL_HEADER) / frame();
  }

  /** Restarts with this write-ahead log, and returns which generation the store then has. */
  private int generationWith(byte[] spoilt, String how) throws IOException {
    Path here = folder.resolve("restart-" + ++restarts);
    Inside.copy(killed, here);
    Files.write(here.resolve("refreshd.db-wal"), spoilt);
    try (Inside after = Inside.start(outside, here)) {
      int generation = after.record(outside.grant).generation();
      assertThat(after.stored(outside.grant).fingerprint())
          .as(how)
          .isEqualTo(tokens.get(generation - 1));
      assertThat(after.events(outside.grant)).as(how + ": the log fits").hasSize(generation);
      assertThat(after.store.verifyLog().faults())
          .as(how)
          .extracting(LogFault::kind)
          .isSubsetOf(LogFault.Kind.CUT, LogFault.Kind.HEAD);
      assertThat(after.rotate(outside.grant)).as(how).isInstanceOf(Outcome.Rotated.class);
      assertThat(after.hasNewest(outside.grant)).as(how).isTrue();
      return generation;
    }
  }

  @Test
  void theWholeLogGivesTheNewestGeneration() throws IOException {
    assertThat(frames()).isGreaterThan(ROTATIONS);
    assertThat(generationWith(wal, "whole")).isEqualTo(1 + ROTATIONS);
  }

  @Test
  void aLogThatWasCutOffAtAnyFrameGivesAnEarlierStateWhole() throws IOException {
    int newest = 1;
    for (int frame = 0; frame <= frames(); frame++) {
      int end = WAL_HEADER + frame * frame();
      int generation = generationWith(Arrays.copyOf(wal, end), "cut after frame " + frame);
      assertThat(generation).as("the more is there, the newer").isGreaterThanOrEqualTo(newest);
      newest = generation;
    }
    assertThat(newest).isEqualTo(1 + ROTATIONS);
  }

  @Test
  void aLogThatWasCutOffWithinAFrameOrItsHeaderGivesAnEarlierStateWhole() throws IOException {
    int last = WAL_HEADER + (frames() - 1) * frame();
    for (int there :
        List.of(
            0,
            1,
            WAL_HEADER - 1,
            WAL_HEADER + 1,
            last + 1,
            last + FRAME_HEADER - 1,
            last + FRAME_HEADER,
            last + FRAME_HEADER + 1000,
            wal.length - 1)) {
      assertThat(generationWith(Arrays.copyOf(wal, there), "cut at byte " + there))
          .isLessThanOrEqualTo(ROTATIONS + 1);
    }
  }

  @Test
  void aSpoiltTailIsNotTakenForWhatWasWritten() throws IOException {
    int last = WAL_HEADER + (frames() - 1) * frame();
    for (int place :
        List.of(
            0,
            8,
            16,
            24,
            last,
            last + 4,
            last + 8,
            last + 16,
            last + FRAME_HEADER,
            last + FRAME_HEADER + 2000,
            wal.length - 1)) {
      byte[] spoilt = wal.clone();
      spoilt[place] ^= 0x04;
      assertThat(generationWith(spoilt, "another bit in byte " + place)).isLessThan(1 + ROTATIONS);
    }
  }

  @Test
  void zeroesAtTheEndAreNotTakenForWhatWasWritten() throws IOException {
    byte[] zeroed = wal.clone();
    Arrays.fill(zeroed, wal.length - frame(), wal.length, (byte) 0);
    assertThat(generationWith(zeroed, "the last frame is zeroes")).isEqualTo(ROTATIONS);
  }
}
