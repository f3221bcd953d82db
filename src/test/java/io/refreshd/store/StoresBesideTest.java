package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.store.SealingKeyRotation.OldKeys;
import io.refreshd.store.SealingKeyRotation.Step;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new sealing key for one of several stores that one key file seals. */
class StoresBesideTest {

  @TempDir private Path folder;
  private StoreFixture ours;
  private StoreFixture other;

  @BeforeEach
  void twoStoresWithOneKey() {
    ours = new StoreFixture(folder.resolve("keys"));
    other = at(folder.resolve("keys").resolve("other.db"));
    bringIn(ours);
    bringIn(other);
  }

  private StoreFixture at(Path file) {
    return new StoreFixture(new SqliteLocation(file, ours.location.keyFile()));
  }

  private static void bringIn(StoreFixture fixture) {
    try (OpenStore store = fixture.open("run")) {
      fixture.samples.bringIn(store, LIVE);
    }
  }

  private static SealingKeyRotation.Result rotateKey(StoreFixture fixture) {
    try (OpenStore store = fixture.open("cli")) {
      return store.sealingKeyRotation().run((step, resealed) -> {});
    }
  }

  private int keys() {
    return SealingKeyRotationTest.keysOf(ours).size();
  }

  private static void assertOpens(StoreFixture fixture) {
    try (OpenStore store = fixture.open("run")) {
      assertThat(store.find(LIVE).orElseThrow().current())
          .isEqualTo(fixture.samples.generation(LIVE, 1));
      assertThat(store.verifyLog().faults()).isEmpty();
    }
  }

  @Test
  void anotherStoreOfTheFolderCanStillBeOpenedAfterANewKeyForOne() {
    SealingKeyRotation.Result result = rotateKey(ours);

    assertThat(result.oldKeys()).isEqualTo(OldKeys.LEFT_FOR_STORES);
    assertThat(result.neededBy()).containsExactly(other.location.base());
    assertOpens(other);
    assertOpens(ours);

    assertThat(rotateKey(other).isNewKey()).isFalse();
    assertThat(keys()).as("the last one that needed it is done").isEqualTo(1);
    assertOpens(other);
    assertOpens(ours);
  }

  @Test
  void aStoreInAnotherFolderThanItsKeyIsSeenFromBoth() throws Exception {
    StoreFixture away = at(folder.resolve("away").resolve("refreshd.db"));
    bringIn(away);
    StoreFixture besideIt = at(folder.resolve("away").resolve("second.db"));
    bringIn(besideIt);

    assertThat(rotateKey(away).neededBy())
        .containsExactly(besideIt.location.base(), other.location.base(), ours.location.base());
    assertOpens(ours);
    assertOpens(besideIt);
  }

  @Test
  void aKeyFileThatIsALinkIsSoughtForStoresWhereTheFileIsToo() throws Exception {
    Path linked = Files.createDirectory(folder.resolve("linked"));
    Path link = Files.createSymbolicLink(linked.resolve("refreshd.key"), ours.location.keyFile());
    StoreFixture far = new StoreFixture(new SqliteLocation(linked.resolve("refreshd.db"), link));
    bringIn(far);

    assertThat(rotateKey(far).neededBy())
        .containsExactly(other.location.base(), ours.location.base());
    assertOpens(ours);
  }

  @Test
  void aStoreWhoseOwnNewKeyWasInterruptedKeepsTheKeyOfWhatIsNotSealedAnew() {
    try (OpenStore store = other.open("cli")) {
      assertThatThrownBy(
              () ->
                  store
                      .sealingKeyRotation()
                      .run(
                          (step, resealed) -> {
                            if (step == Step.KEY_NAMED) {
                              throw new IllegalStateException("killed");
                            }
                          }))
          .hasMessage("killed");
    }

    assertThat(rotateKey(ours).neededBy()).containsExactly(other.location.base());
    assertOpens(other);
  }

  @Test
  void aFurtherNewKeyIsMadeWhereAStoreNeedsAnOldOneForGood() {
    rotateKey(ours);

    assertThat(rotateKey(ours).isNewKey()).isTrue();
    assertThat(keys()).isEqualTo(3);
    assertOpens(other);
    assertOpens(ours);
  }

  @Test
  void aKeyThatAnotherStoreGotMeanwhileIsNotLost() {
    AtomicBoolean isFirst = new AtomicBoolean(true);
    SealingKeyRotation.Progress twoForOurs =
        (step, resealed) -> {
          if (step == Step.KEY_NAMED && isFirst.getAndSet(false)) {
            rotateKey(ours);
            rotateKey(ours);
          }
        };
    try (OpenStore store = other.open("cli")) {
      SealingKeyRotation rotation = store.sealingKeyRotation();
      assertThatThrownBy(() -> rotation.run(twoForOurs))
          .hasMessageContaining("was changed by another process meanwhile");
    }

    assertOpens(ours);
    assertOpens(other);
    rotateKey(other);
    assertOpens(ours);
    assertOpens(other);
  }

  @Test
  void theOldKeyGoesOnceTheStoreThatNeededItIsGone() throws Exception {
    rotateKey(ours);
    Files.delete(other.location.base());
    Files.delete(Path.of(other.location.base() + ".head"));

    SealingKeyRotation.Result result = rotateKey(ours);

    assertThat(result.oldKeys()).isEqualTo(OldKeys.REMOVED);
    assertThat(result.isNewKey()).isFalse();
    assertThat(keys()).isEqualTo(1);
  }

  @Test
  void aTokenThatWaitsForAnotherStoreKeepsItsKey() throws Exception {
    other.breakCommitsOf("live");
    try (OpenStore store = other.open("run")) {
      other.samples.rotate(store, LIVE, 1);
    }
    assertThat(rotateKey(other).oldKeys()).isEqualTo(OldKeys.NEEDED);

    assertThat(rotateKey(ours).neededBy()).containsExactly(other.location.base());

    other.mendCommits();
    try (OpenStore store = other.open("run")) {
      assertThat(store.find(LIVE).orElseThrow().current())
          .isEqualTo(other.samples.generation(LIVE, 2));
    }
  }

  @Test
  void whatIsNoStoreOrHasAnotherKeyNeedsNone() throws Exception {
    Files.delete(other.location.base());
    Path keys = folder.resolve("keys");
    try (Connection foreign = DriverManager.getConnection("jdbc:sqlite:" + keys.resolve("a.db"));
        Statement statement = foreign.createStatement()) {
      statement.execute("CREATE TABLE meta (primary_key INTEGER)");
    }
    Files.writeString(keys.resolve("b.db"), "no database");
    Files.createDirectory(keys.resolve("c.db"));
    bringIn(
        new StoreFixture(new SqliteLocation(keys.resolve("d.db"), keys.resolve("another.key"))));

    assertThat(rotateKey(ours).oldKeys()).isEqualTo(OldKeys.REMOVED);
  }

  @Test
  void aDamagedStoreIsTakenForOneThatNeedsIt() throws Exception {
    byte[] database = Files.readAllBytes(other.location.base());
    byte[] garbage = "garbage".repeat(2_000).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(garbage, 0, database, 100, garbage.length);
    Files.write(other.location.base(), database);

    assertThat(rotateKey(ours).neededBy()).containsExactly(other.location.base());
  }
}
