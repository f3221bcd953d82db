package io.refreshd.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.LogFault;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.TokenStore.Kept;
import io.refreshd.store.FaultyDisk.Fault;
import io.refreshd.store.FaultyDisk.How;
import io.refreshd.store.FaultyDisk.Part;
import io.refreshd.testing.LogRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The head of the rotation log on a disk that fails: no rotation ever hears of it. */
class HeadFileFaultTest {

  private static final int MORE_THAN_NEEDED = 50;

  @TempDir(factory = InMemoryFolder.class)
  private Path folder;

  private final Outside outside = new Outside(RefreshTokens.REUSABLE);

  @BeforeEach
  void aStore() {
    try (Inside inside = Inside.start(outside, folder)) {
      inside.bringIn(outside.grant);
    }
  }

  private void rotate(Inside inside) {
    outside.clock.advance(Duration.ofDays(8));
    assertThat(inside.rotate(outside.grant))
        .isInstanceOfSatisfying(
            Outcome.Rotated.class, rotated -> assertThat(rotated.kept()).isEqualTo(Kept.STORED));
  }

  @ParameterizedTest
  @EnumSource
  void whateverFailsIsSaidOnceAndTheHeadIsKeptAgainWhenThatIsOver(How how) {
    try (Inside inside = Inside.start(outside, folder)) {
      int nth = 0;
      Fault fault;
      do {
        nth++;
        fault = inside.disk.fail(EnumSet.of(Part.HEAD_FILE), how, nth, true);
        rotate(inside);
        List<String> said = keepThrice(inside);
        if (fault.isHit()) {
          assertThat(said)
              .as(how + ", call " + nth)
              .isNotEmpty()
              .doesNotHaveDuplicates()
              .allMatch(line -> line.contains("refreshd.db.head, cannot be "))
              .allMatch(line -> line.contains("rotations go on"));
        }
        inside.disk.mend();
        rotate(inside);
        assertThat(inside.isLogProven()).as(how + ", call " + nth).isTrue();
        assertThat(folder.resolve("refreshd.db.head.new")).doesNotExist();
      } while (fault.isHit() && nth < MORE_THAN_NEEDED);
      assertThat(nth).as("calls that failed").isBetween(2, MORE_THAN_NEEDED - 1);
    }
  }

  private static List<String> keepThrice(Inside inside) {
    try (LogRecorder journal = new LogRecorder()) {
      inside.store.keepHead();
      inside.store.keepHead();
      inside.store.keepHead();
      return journal.lines().stream().filter(line -> !line.startsWith("INFO")).toList();
    }
  }

  @Test
  void aTornOrSpoiltHeadIsRecognizedAndNotReplacedAndRotationsGoOn() throws IOException {
    Path head = folder.resolve("refreshd.db.head");
    byte[] whole = Files.readAllBytes(head);
    for (int there : List.of(0, 1, 2, 20, 66, 67, 68, whole.length / 2, whole.length - 1)) {
      assertRecognized(head, Arrays.copyOf(whole, there));
    }
    for (int place : List.of(0, 1, 2, 30, 66, 67, 70, whole.length - 2, whole.length - 1)) {
      byte[] spoilt = whole.clone();
      spoilt[place] ^= 0x01;
      assertRecognized(head, spoilt);
    }
    assertRecognized(head, new byte[4096]);
    Files.delete(head); // what the operator does
    try (Inside inside = Inside.start(outside, folder)) {
      rotate(inside);
      assertThat(inside.isLogProven()).isTrue();
    }
  }

  private void assertRecognized(Path head, byte[] spoilt) throws IOException {
    Files.write(head, spoilt);
    try (Inside inside = Inside.start(outside, folder)) {
      rotate(inside);
      assertThat(inside.isLogProven()).isFalse();
      assertThat(inside.store.verifyLog().faults())
          .extracting(LogFault::kind)
          .containsOnly(LogFault.Kind.HEAD);
      rotate(inside);
    }
    assertThat(head).hasBinaryContent(spoilt);
  }
}
