package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Event;
import io.refreshd.store.SealingKeyRotation.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real process that changes the sealing key is killed: at each step, and at any time ({@code
 * -Drefreshd.keys.kills=N} for more of these).
 */
class KilledKeyRotationTest {

  private static final int GRANTS = 110;
  private static final int KILLS = Integer.getInteger("refreshd.keys.kills", 2);

  @TempDir private Path folder;
  private StoreFixture fixture;
  private Samples samples;

  @BeforeEach
  void aStoreWithMoreGrantsThanAreResealedAtOnce() {
    fixture = new StoreFixture(folder);
    samples = fixture.samples;
    try (OpenStore store = fixture.open("run")) {
      grants().forEach(grant -> samples.bringIn(store, grant));
      samples.rotate(store, grant(1), 1);
    }
  }

  private static List<GrantName> grants() {
    return IntStream.rangeClosed(1, GRANTS).mapToObj(KilledKeyRotationTest::grant).toList();
  }

  private static GrantName grant(int number) {
    return new GrantName("germany", "g" + number);
  }

  private Set<Integer> keys() {
    return new KeyFile(fixture.location.keyFile(), Disk.REAL).load().numbers();
  }

  private void assertAllAreReadable() {
    try (OpenStore store = fixture.open("run")) {
      assertThat(grants())
          .allSatisfy(
              grant ->
                  assertThat(store.find(grant).orElseThrow().current().token().reveal())
                      .isEqualTo(Samples.token(grant, grant.equals(grant(1)) ? 2 : 1)));
      assertThat(store.verifyLog().isProven()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "KEY_ADDED, 1",
    "KEY_NAMED, 1",
    "SOME_RESEALED, 1",
    "SOME_RESEALED, 2",
    "OLD_KEYS_REMOVED, 1"
  })
  void aKillAtAStepLosesNothingAndTheNextRunCompletesIt(Step step, int nth) throws Exception {
    Set<Integer> first = keys();
    try (KeyRotatingProcess rotating =
        KeyRotatingProcess.start(SqliteLocation.of(fixture.location), step, nth)) {
      rotating.awaitStep();
      rotating.kill();
    }
    Set<Integer> begun = keys();
    assertThat(begun).as("the old key is there as long as it is needed").hasSize(keysAfter(step));
    assertAllAreReadable();

    complete();

    assertThat(keys()).hasSize(1).doesNotContainAnyElementsOf(first);
    if (step != Step.OLD_KEYS_REMOVED) {
      assertThat(begun).as("completed, not begun anew").containsAll(keys());
    }
    assertAllAreReadable();
    assertNothingIsLeftOf(first);
  }

  private static int keysAfter(Step step) {
    return step == Step.OLD_KEYS_REMOVED ? 1 : 2;
  }

  @Test
  void aKillAtAnyTimeLosesNothing() throws Exception {
    Random random = new Random(4);
    Set<Integer> first = keys();
    for (int kill = 0; kill < KILLS; kill++) {
      try (KeyRotatingProcess rotating =
          KeyRotatingProcess.start(SqliteLocation.of(fixture.location), null, 1)) {
        // another process is on its way here: there is no clock to turn
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(150)).toNanos());
        rotating.kill();
      }
      assertAllAreReadable();
    }
    complete();

    assertThat(keys()).hasSize(1).doesNotContainAnyElementsOf(first);
    assertAllAreReadable();
    assertNothingIsLeftOf(first);
  }

  @Test
  void aKillWhileTheKeyFileIsWrittenLeavesNoKeysLyingAbout() throws Exception {
    Path half = folder.resolve("refreshd.key.4711.new");
    Files.writeString(half, Files.readString(fixture.location.keyFile()));

    complete();

    assertThat(half).doesNotExist();
  }

  /** What the next {@code key rotate} does. */
  private void complete() {
    try (OpenStore store = fixture.open("cli-2")) {
      assertThat(store.sealingKeyRotation().run((step, resealed) -> {}).oldKeys())
          .isEqualTo(SealingKeyRotation.OldKeys.REMOVED);
      assertThat(Samples.log(store, Samples.query(0, Event.KEY_ROTATED, false, 0))).isNotEmpty();
    }
  }

  /** Neither the key, nor anything that it has sealed. */
  private void assertNothingIsLeftOf(Set<Integer> keys) throws IOException, java.sql.SQLException {
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(one -> one.toString().contains(".key")).toList()) {
        for (int key : keys) {
          assertThat(Files.readString(file, StandardCharsets.UTF_8))
              .doesNotContain(Integer.toUnsignedString(key));
        }
      }
    }
    try (var connection = fixture.connection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT hex(token), hex(previous_token) FROM grants")) {
      while (rows.next()) {
        for (int key : keys) {
          String old = HexFormat.of().withUpperCase().formatHex(Sealed.prefixOf(key));
          assertThat(rows.getString(1)).doesNotStartWith(old);
          assertThat(String.valueOf(rows.getString(2))).doesNotStartWith(old);
        }
      }
    }
  }
}
