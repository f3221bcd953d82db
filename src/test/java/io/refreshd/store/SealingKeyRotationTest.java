package io.refreshd.store;

import static io.refreshd.store.Samples.FRANCE;
import static io.refreshd.store.Samples.LIVE;
import static io.refreshd.store.Samples.SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.Event;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.StoreException;
import io.refreshd.store.SealingKeyRotation.OldKeys;
import io.refreshd.store.SealingKeyRotation.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A new sealing key, beside processes that use the store. */
class SealingKeyRotationTest {

  /** Stops a rotation at a step, as a kill would. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @TempDir Path folder;
  StoreFixture fixture;
  Samples samples;

  /** A store on another database is a subclass. */
  StoreFixture fixture(Path empty) {
    return new StoreFixture(empty);
  }

  @BeforeEach
  void aStoreWithGrants() {
    fixture = fixture(folder);
    samples = fixture.samples;
    try (OpenStore store = fixture.open("run")) {
      samples.bringIn(store, LIVE);
      samples.rotate(store, LIVE, 1);
      samples.bringIn(store, SANDBOX);
    }
  }

  Set<Integer> keys() {
    return keysOf(fixture);
  }

  static Set<Integer> keysOf(StoreFixture fixture) {
    return new KeyFile(fixture.location.keyFile(), Disk.REAL).load().numbers();
  }

  /** A new key until the old one is gone. */
  SealingKeyRotation.Result rotate(OpenStore store, SealingKeyRotation.Progress progress) {
    return store.sealingKeyRotation().run(progress);
  }

  /** What is to be done after an interruption. */
  SealingKeyRotation.Result complete(OpenStore store) {
    return store.sealingKeyRotation().run((step, resealed) -> {});
  }

  void rotateKey(OpenStore store) {
    assertThat(rotate(store, (step, resealed) -> {}).oldKeys()).isEqualTo(OldKeys.REMOVED);
  }

  private static List<LoggedEntry> keyEntries(OpenStore store) {
    return Samples.log(store, Samples.query(0, Event.KEY_ROTATED, false, 0));
  }

  @Test
  void everythingIsSealedAnewAndTheOldKeyGoes() {
    Set<Integer> before = keys();
    List<Step> steps = new ArrayList<>();
    try (OpenStore store = fixture.open("cli-1")) {
      SealingKeyRotation.Result result = rotate(store, (step, resealed) -> steps.add(step));

      assertThat(result)
          .isEqualTo(
              new SealingKeyRotation.Result(
                  true, 3, OldKeys.REMOVED, List.of(), List.of(), List.of()));
      assertThat(steps.stream().distinct()).containsExactly(Step.values());
      assertThat(keys()).hasSize(1).doesNotContainAnyElementsOf(before);
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 2));
      assertThat(store.find(LIVE).orElseThrow().previous()).isEqualTo(samples.generation(LIVE, 1));
      assertThat(keyEntries(store)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptedRotationLeavesAStoreThatWorksAndIsCompletedByTheNext(Step last) {
    try (OpenStore store = fixture.open("cli-1")) {
      assertThatThrownBy(
              () ->
                  rotate(
                      store,
                      (step, resealed) -> {
                        if (step == last) {
                          throw new Killed();
                        }
                      }))
          .isInstanceOf(Killed.class);
    }
    Set<Integer> begun = keys();
    try (OpenStore store = fixture.open("run")) {
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 2));
      samples.rotate(store, LIVE, 2);
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 3));
    }
    try (OpenStore store = fixture.open("cli-2")) {
      assertThat(complete(store).oldKeys()).isEqualTo(OldKeys.REMOVED);
      assertThat(keys()).hasSize(1);
      if (last != Step.OLD_KEYS_REMOVED) {
        assertThat(begun).as("completed, not begun anew").containsAll(keys());
        assertThat(keyEntries(store)).hasSize(1);
      }
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 3));
      assertThat(store.find(SANDBOX)).isPresent();
    }
  }

  @Test
  void aDaemonThatRunsBesideReadsAndCommitsAtEveryStep() {
    try (OpenStore daemon = fixture.open("run");
        OpenStore other = fixture.open("cli-1")) {
      List<Integer> generations = new ArrayList<>(List.of(2));
      rotate(
          other,
          (step, resealed) -> {
            int current = generations.get(generations.size() - 1);
            assertThat(daemon.find(LIVE).orElseThrow().current())
                .isEqualTo(samples.generation(LIVE, current));
            samples.rotate(daemon, LIVE, current);
            generations.add(current + 1);
          });
      int last = generations.get(generations.size() - 1);
      assertThat(last).isGreaterThan(5);
      samples.rotate(daemon, LIVE, last);
      samples.bringIn(daemon, FRANCE);
      for (OpenStore store : List.of(daemon, other)) {
        assertThat(store.find(LIVE).orElseThrow().current())
            .isEqualTo(samples.generation(LIVE, last + 1));
        assertThat(store.find(FRANCE)).isPresent();
        assertThat(store.find(SANDBOX)).isPresent();
      }
    }
    try (OpenStore store = fixture.open("run")) {
      assertThat(store.find(LIVE)).isPresent();
    }
  }

  @Test
  void anOldKeyStaysAsLongAsASpoolNeedsIt() throws Exception {
    try (OpenStore daemon = fixture.open("run");
        OpenStore other = fixture.open("cli-1")) {
      Lease lease = samples.lease(daemon, LIVE);
      fixture.breakCommitsOf("live");
      daemon.commit(lease, samples.next(LIVE, 2));
      assertThat(daemon.held()).containsExactly(LIVE);

      assertThat(rotate(other, (step, resealed) -> {}).oldKeys()).isEqualTo(OldKeys.NEEDED);
      assertThat(keys()).hasSize(2);

      fixture.mendCommits();
      assertThat(daemon.flush().stored()).containsExactly(LIVE);
      assertThat(complete(other).oldKeys()).isEqualTo(OldKeys.REMOVED);
      assertThat(keys()).hasSize(1);
      assertThat(keyEntries(other)).hasSize(1);
      assertThat(other.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 3));
    }
  }

  @Test
  void onlyOneAtATime() {
    try (OpenStore store = fixture.open("cli-1");
        OpenStore other = fixture.open("cli-2")) {
      rotate(
          store,
          (step, resealed) ->
              assertThatThrownBy(() -> rotateKey(other))
                  .isInstanceOf(StoreException.class)
                  .hasMessageContaining("another process changes the sealing key"));
    }
  }

  @Test
  void theKeyFileIsForItsOwnerAloneAlsoAfterwards() throws Exception {
    try (OpenStore store = fixture.open("cli-1")) {
      rotateKey(store);
    }
    assertThat(Files.getPosixFilePermissions(fixture.location.keyFile())).hasSize(2);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".new"));
    }
  }

  @Test
  void aKeyFileThatIsALinkStaysOneAndWhatItNamesGetsTheNewKey() throws Exception {
    Path link = fixture.location.keyFile();
    Path real = Files.createDirectory(folder.resolve("keys")).resolve("real.key");
    Files.move(link, real);
    Files.createSymbolicLink(link, Path.of("keys", "real.key"));
    Path half = Files.copy(real, folder.resolve("keys").resolve("real.key.4711.new"));
    Set<Integer> before = keys();

    try (OpenStore store = fixture.open("cli-1")) {
      rotateKey(store);
    }

    assertThat(link).isSymbolicLink();
    assertThat(new KeyFile(real, Disk.REAL).load().numbers())
        .isEqualTo(keys())
        .isNotEqualTo(before);
    assertThat(half).doesNotExist();
    assertThat(Files.getPosixFilePermissions(real)).hasSize(2);
    try (OpenStore store = fixture.open("run")) {
      assertThat(store.find(LIVE)).isPresent();
    }
  }

  @Test
  void aFileThatAPersonNamedLikeTheKeyFileIsNotRemoved() throws Exception {
    Path key = fixture.location.keyFile();
    List<Path> own = List.of(Path.of(key + ".new"), Path.of(key + ".2026-old.new"));
    for (Path file : own) {
      Files.writeString(file, "a copy that somebody keeps");
    }
    Path half = Files.createFile(Path.of(key + ".1844674407370955161.new"));

    try (OpenStore store = fixture.open("cli-1")) {
      rotateKey(store);
    }

    assertThat(own).allSatisfy(file -> assertThat(file).exists());
    assertThat(half).doesNotExist();
  }

  /** Takes note of the order in which the disk is asked for something lasting. */
  private static final class NotingDisk implements Disk {
    private final List<String> calls = new ArrayList<>();

    @Override
    public void move(Path from, Path to) throws IOException {
      Disk.super.move(from, to);
      calls.add("move to " + to.getFileName());
    }

    @Override
    public void syncFolder(Path file) throws IOException {
      Disk.super.syncFolder(file);
      calls.add("sync folder of " + file.getFileName());
    }
  }

  @Test
  void aPowerCutNeverLeavesAHeadWhoseKeyIsGone() {
    NotingDisk disk = new NotingDisk();
    try (OpenStore store =
        TokenStores.openToWrite(
            fixture.location, "cli-1", 3, fixture.clock, Samples.nanosOf(fixture.clock), disk)) {
      disk.calls.clear();
      rotateKey(store);
      String head = fixture.location.base().getFileName() + ".head";
      assertThat(disk.calls)
          .endsWith(
              "move to " + head,
              "sync folder of " + head,
              "move to refreshd.key",
              "sync folder of refreshd.key");
    }
  }
}
