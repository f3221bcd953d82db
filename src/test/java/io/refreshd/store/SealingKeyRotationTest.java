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
import io.refreshd.store.SealingKeyRotation.Step;
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

  private Set<Integer> keys() {
    return new KeyFile(fixture.location.keyFile(), Disk.REAL).load().numbers();
  }

  private static void rotateKey(OpenStore store) {
    assertThat(store.sealingKeyRotation().run((step, resealed) -> {}).oldKeysRemoved()).isTrue();
  }

  private static List<LoggedEntry> keyEntries(OpenStore store) {
    return Samples.log(store, Samples.query(0, Event.KEY_ROTATED, false, 0));
  }

  @Test
  void everythingIsSealedAnewAndTheOldKeyGoes() {
    Set<Integer> before = keys();
    List<Step> steps = new ArrayList<>();
    try (OpenStore store = fixture.open("cli-1")) {
      SealingKeyRotation.Result result =
          store.sealingKeyRotation().run((step, resealed) -> steps.add(step));

      assertThat(result).isEqualTo(new SealingKeyRotation.Result(3, true));
      assertThat(steps).containsExactly(Step.values());
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
                  store
                      .sealingKeyRotation()
                      .run(
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
      rotateKey(store);
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
      other
          .sealingKeyRotation()
          .run(
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

      assertThat(other.sealingKeyRotation().run((step, resealed) -> {}).oldKeysRemoved()).isFalse();
      assertThat(keys()).hasSize(2);

      fixture.mendCommits();
      assertThat(daemon.flush().stored()).containsExactly(LIVE);
      rotateKey(other);
      assertThat(keys()).hasSize(1);
      assertThat(keyEntries(other)).hasSize(1);
      assertThat(other.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 3));
    }
  }

  @Test
  void onlyOneAtATime() {
    try (OpenStore store = fixture.open("cli-1");
        OpenStore other = fixture.open("cli-2")) {
      store
          .sealingKeyRotation()
          .run(
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
}
