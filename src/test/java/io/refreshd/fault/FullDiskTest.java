package io.refreshd.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenStore.Kept;
import io.refreshd.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real disk with a page left, two, three, until a rotation comes through: so each write that
 * needs space is in its turn the first to get none, SQLite's own as well.
 */
@EnabledIfSystemProperty(
    named = "refreshd.disk.rounds",
    matches = ".+",
    disabledReason = "the long form: -Drefreshd.disk.rounds=10")
class FullDiskTest {

  /** A spool of two slots, a write-ahead log and its index. */
  private static final int MORE_THAN_A_START_NEEDS = 300;

  @TempDir private Path folder;
  private Path small;
  private int copies;

  @BeforeEach
  void mayMount() throws IOException {
    small = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(SmallDisk.isPossible(small), "this user may not mount a file system");
  }

  /** A start on a disk that is almost full, and a rotation on what is left. */
  @ParameterizedTest
  @EnumSource
  void beforeTheRedemptionNothingIsSpentOrItComesThrough(RefreshTokens kind) throws IOException {
    int pages = 0;
    while (!comesThrough(kind, pages, true)) {
      pages++;
      assertThat(pages).isLessThan(MORE_THAN_A_START_NEEDS);
    }
    assertThat(pages).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void afterTheRedemptionTheSuccessorIsSpooledOrStored(RefreshTokens kind) throws IOException {
    int pages = 0;
    while (!comesThrough(kind, pages, false)) {
      pages++;
      assertThat(pages).isLessThan(MORE_THAN_A_START_NEEDS);
    }
    assertThat(pages).isPositive();
  }

  private boolean comesThrough(RefreshTokens kind, int pages, boolean before) throws IOException {
    Outside outside = new Outside(kind);
    String how = kind + ", " + pages + " pages left";
    try (SmallDisk disk = SmallDisk.mount(small, 4)) {
      prepare(outside);
      boolean stored;
      if (before) {
        disk.fillBut(pages);
        stored = isStored(outside, disk, how);
      } else {
        stored = isStoredAfterFilling(outside, disk, pages, how);
      }
      try (Inside later = Inside.start(outside, small)) {
        outside.clock.advance(Duration.ofDays(8));
        assertThat(later.rotate(outside.grant)).as(how).isInstanceOf(Outcome.Rotated.class);
        assertThat(later.rotate(outside.neighbour)).as(how).isInstanceOf(Outcome.Rotated.class);
        assertThat(later.hasNewest(outside.grant)).as(how).isTrue();
        assertThat(later.isLogProven()).as(how).isTrue();
      }
      assertThat(outside.requests(outside.grant)).as(how).isEqualTo(2);
      assertThat(outside.isReplayed(outside.grant)).as(how).isFalse();
      return stored;
    }
  }

  private void prepare(Outside outside) throws IOException {
    try (Inside inside = Inside.start(outside, small)) {
      inside.bringIn(outside.grant);
      inside.bringIn(outside.neighbour);
    }
    Files.delete(small.resolve("refreshd.db.spool-0"));
    outside.clock.advance(Duration.ofDays(8));
  }

  /** Starts and rotates on the full disk; where that fails, once more when it is freed. */
  private boolean isStored(Outside outside, SmallDisk disk, String how) {
    try (Inside inside = Inside.start(outside, small)) {
      try {
        Outcome outcome = inside.rotate(outside.grant);
        assertThat(outcome).as(how).isInstanceOf(Outcome.Rotated.class);
        disk.free();
        inside.store.flush();
        assertThat(inside.hasNewest(outside.grant)).as(how).isTrue();
        return ((Outcome.Rotated) outcome).kept() == Kept.STORED;
      } catch (StoreException.Unavailable e) {
        assertThat(outside.requests(outside.grant)).as(how + ": " + e).isZero();
        disk.free();
        assertThat(inside.rotate(outside.grant)).as(how).isInstanceOf(Outcome.Rotated.class);
        return false;
      }
    } catch (StoreException.Unavailable e) {
      assertThat(outside.requests(outside.grant)).as(how + ": " + e).isZero();
      disk.free();
      try (Inside inside = Inside.start(outside, small)) {
        assertThat(inside.rotate(outside.grant)).as(how).isInstanceOf(Outcome.Rotated.class);
      }
      return false;
    }
  }

  private boolean isStoredAfterFilling(Outside outside, SmallDisk disk, int pages, String how)
      throws IOException {
    Path killed = folder.resolve("killed-" + ++copies);
    try (Inside inside = Inside.start(outside, small)) {
      outside.whenAsked(() -> disk.fillBut(pages));
      Outcome outcome = inside.rotate(outside.grant);
      assertThat(outcome).as(how).isInstanceOf(Outcome.Rotated.class);
      Inside.copy(small, killed);
      disk.free();
      inside.store.flush();
      assertThat(inside.hasNewest(outside.grant)).as(how).isTrue();
      RefreshToken successor = outside.newest(outside.grant);
      try (Inside after = Inside.start(outside, killed)) {
        assertThat(after.stored(outside.grant)).as(how + ", killed").isEqualTo(successor);
      }
      return ((Outcome.Rotated) outcome).kept() == Kept.STORED;
    }
  }
}
