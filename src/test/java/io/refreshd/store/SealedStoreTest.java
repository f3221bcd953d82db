package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static io.refreshd.store.Samples.SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.Answers;
import io.refreshd.testing.Grants;
import io.refreshd.testing.ScriptedRedeemer;
import io.refreshd.testing.WholeGrant;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sealed tokens, the key, and how their troubles are told apart. */
class SealedStoreTest {

  @TempDir Path folder;
  private StoreFixture fixture;
  private Samples samples;
  private Path key;

  @BeforeEach
  void aStoreWithTwoGrants() {
    fixture = new StoreFixture(folder);
    samples = fixture.samples;
    key = fixture.location.keyFile();
    try (OpenStore store = fixture.open("run")) {
      samples.bringIn(store, LIVE);
      samples.rotate(store, LIVE, 1);
      samples.bringIn(store, SANDBOX);
    }
  }

  @Test
  void noFileShowsAToken() throws Exception {
    try (OpenStore store = fixture.open("run");
        var files = Files.list(folder)) {
      assertThat(store.find(LIVE)).isPresent();
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).hasSizeGreaterThan(4);
      for (Path file : all) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as("%s", file)
            .doesNotContain("0.AAAA");
      }
    }
  }

  @Test
  void allFilesAreForTheirOwnerAlone() throws Exception {
    try (OpenStore store = fixture.open("run");
        var files = Files.list(folder)) {
      samples.lease(store, LIVE);
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as("%s", file)
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void aMissingFolderIsMadeForItsOwnerAlone() throws Exception {
    StoreFixture deeper = new StoreFixture(folder.resolve("state/refreshd"));
    deeper.open("run").close();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("state/refreshd"))))
        .isEqualTo("rwx------");
  }

  @Test
  void whatRootMakesBelongsToTheServicesUser() throws Exception {
    assumeTrue(Files.getAttribute(folder, "unix:uid").equals(0), "only root can give files away");
    Path state = Files.createDirectory(folder.resolve("state"));
    Files.setAttribute(state, "unix:uid", 4711);
    StoreFixture service = new StoreFixture(state);
    try (OpenStore store = service.open("cli-1")) {
      samples.bringIn(store, LIVE);
      assertThat(store.sealingKeyRotation().run((step, resealed) -> {}).resealed()).isEqualTo(1);
      try (var files = Files.list(state)) {
        for (Path file : files.toList()) {
          assertThat(Files.getAttribute(file, "unix:uid")).as("%s", file).isEqualTo(4711);
        }
      }
    }
  }

  @Test
  void aMissingKeyOfASealedStoreIsNotMadeAnew() throws Exception {
    Files.delete(key);
    assertThatThrownBy(() -> fixture.open("run"))
        .isInstanceOf(StoreException.WrongKey.class)
        .hasMessageContaining("refreshd.key is missing");
    assertThat(key).doesNotExist();
  }

  @Test
  void anotherKeyIsToldApart() throws Exception {
    Files.writeString(key, Keyring.generate().json());
    assertThatThrownBy(() -> fixture.open("run"))
        .isInstanceOf(StoreException.WrongKey.class)
        .hasMessageContaining("is not the one that the store was sealed with");
  }

  @Test
  void anotherKeyOfTheSameNumberIsToldApart() throws Exception {
    String number = Integer.toUnsignedString(new KeyFile(key, Disk.REAL).load().primary());
    Keyring other = Keyring.generate();
    Files.writeString(key, other.json().replace(Integer.toUnsignedString(other.primary()), number));
    assertThatThrownBy(() -> fixture.open("run")).isInstanceOf(StoreException.WrongKey.class);
  }

  @Test
  void aSpoiltKeyFileIsNotQuoted() throws Exception {
    Files.writeString(key, Files.readString(key).replace("\"key\"", "\"kay\""));
    assertThatThrownBy(() -> fixture.open("run"))
        .isInstanceOf(StoreException.WrongKey.class)
        .hasMessageContaining("does not hold sealing keys")
        .hasNoCause();
  }

  @Test
  void aKeyFileOpenToOthersIsRefused() throws Exception {
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> fixture.open("run"))
        .isExactlyInstanceOf(StoreException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void aListingNeedsNoKey() throws Exception {
    Files.delete(key);
    try (OpenStore store = fixture.openToRead()) {
      assertThat(store.records(null, 100)).hasSize(2);
      assertThat(store.findRecord(LIVE)).isPresent();
      assertThat(Samples.log(store)).hasSize(3);
      assertThatThrownBy(() -> store.find(LIVE)).isInstanceOf(StoreException.WrongKey.class);
    }
  }

  @Test
  void aChangedTokenIsDamagedAndTheOthersAreWell() throws Exception {
    fixture.execute(
        "UPDATE grants SET token = CAST(substr(token, 1, 40) || x'00' || substr(token, 42)"
            + " AS BLOB) WHERE name = 'live'");
    try (OpenStore store = fixture.open("run")) {
      assertThatThrownBy(() -> store.find(LIVE))
          .isInstanceOf(StoreException.Damaged.class)
          .hasMessageStartingWith("germany/live: the stored token of generation 2 is damaged");
      assertThat(store.find(SANDBOX)).isPresent();
      assertThat(store.records(null, 100)).hasSize(2);
    }
  }

  @Test
  void aDamagedPreviousGenerationDoesNotStopTheCurrentOne() throws Exception {
    fixture.execute("UPDATE grants SET previous_token = x'00' WHERE name = 'live'");
    try (OpenStore store = fixture.open("run")) {
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 2));
      assertThat(store.find(LIVE).orElseThrow().previous()).isNull();
    }
  }

  @Test
  void aPreviousGenerationThatCannotBeReadIsAsIfThereWereNone() {
    OpenStore store = fixture.open("run");
    StoredGrant stored = store.find(LIVE).orElseThrow();
    assertThat(stored.previous()).isEqualTo(samples.generation(LIVE, 1));
    store.close();
    assertThat(stored.previous()).isNull();
  }

  @Test
  void aPreviousGenerationIsThatOfTheCurrentOneThatWasRead() {
    try (OpenStore store = fixture.open("run")) {
      StoredGrant stored = store.find(LIVE).orElseThrow();
      samples.rotate(store, LIVE, 2);
      assertThat(stored.previous()).as("there is another current one by now").isNull();
    }
  }

  @Test
  void aDeadTokenWhosePredecessorIsDamagedIsRefusedLikeAnyOther() throws Exception {
    fixture.execute("UPDATE grants SET previous_token = x'00' WHERE name = 'live'");
    Grant grant = Grants.sample();
    ScriptedRedeemer redeemer = new ScriptedRedeemer(fixture.clock);
    redeemer.answers(at -> Answers.refused(RefusalKind.DEAD, at));
    RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
    try (OpenStore store = fixture.open("run")) {
      Rotator rotator = new Rotator(store, redeemer, policy, (entry, kept) -> {}, fixture.clock);
      assertThat(rotator.rotate(grant, Trigger.MANUAL)).isInstanceOf(Outcome.Failed.class);
      assertThat(redeemer.presented()).hasSize(1);
      assertThat(store.findRecord(LIVE).orElseThrow().standing().kind())
          .isEqualTo(RefusalKind.DEAD);
    }
  }

  @Test
  void aPreviousGenerationThatLostItsTokenDoesNotStopTheCurrentOne() throws Exception {
    fixture.execute("UPDATE grants SET previous_token = NULL WHERE name = 'live'");
    try (OpenStore store = fixture.open("run")) {
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 2));
      assertThat(store.find(LIVE).orElseThrow().previous()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE grants SET token = (SELECT token FROM grants WHERE name = 'sandbox')"
            + " WHERE name = 'live'",
        "UPDATE grants SET token = previous_token WHERE name = 'live'",
        "UPDATE grants SET token = previous_token, previous_token = token WHERE name = 'live'",
        // whole rows
        "UPDATE grants SET name = 'other' WHERE name = 'sandbox'; UPDATE grants SET name ="
            + " 'sandbox' WHERE name = 'live'; UPDATE grants SET name = 'live' WHERE name = 'other'",
        // a number that the token was not sealed for
        "UPDATE grants SET current = 7 WHERE name = 'live'"
      })
  void tokensCannotBeSwappedBetweenGrantsOrGenerations(String swap) throws Exception {
    try (Connection connection = fixture.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String one : swap.split(";", -1)) {
        statement.execute(one);
      }
      connection.commit();
    }
    try (OpenStore store = fixture.open("run")) {
      assertThatThrownBy(() -> store.find(LIVE)).isInstanceOf(StoreException.Damaged.class);
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsDamaged() throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(fixture.location.base().toFile(), "rw")) {
      file.write("not at all a database".getBytes(StandardCharsets.US_ASCII));
    }
    assertThatThrownBy(() -> fixture.open("run"))
        .isInstanceOf(StoreException.Damaged.class)
        .hasMessageContaining("restore it from a backup");
    assertThatThrownBy(fixture::openToRead).isInstanceOf(StoreException.Damaged.class);
  }

  /** Many times: SQLite said that a new file was locked, and waited for nobody. */
  @RepeatedTest(20)
  void manyFirstStartsAgreeOnOneKey() throws Exception {
    StoreFixture fresh = new StoreFixture(folder.resolve("fresh"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<OpenStore> start = () -> fresh.open("run");
      List<OpenStore> stores = new ArrayList<>();
      for (Future<OpenStore> one : threads.invokeAll(List.of(start, start, start, start))) {
        stores.add(one.get(1, TimeUnit.MINUTES));
      }
      samples.bringIn(stores.get(0), LIVE);
      Set<Object> seen = new HashSet<>();
      stores.forEach(store -> seen.add(WholeGrant.of(store.find(LIVE).orElseThrow())));
      assertThat(seen).hasSize(1);
      stores.forEach(OpenStore::close);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aKeyThatIsThereBeforeTheFirstStartIsUsed() throws Exception {
    StoreFixture fresh = new StoreFixture(folder.resolve("fresh"));
    Files.createDirectory(folder.resolve("fresh"));
    Files.copy(key, fresh.location.keyFile(), StandardCopyOption.COPY_ATTRIBUTES);
    fresh.open("run").close();
    assertThat(fresh.location.keyFile()).hasSameTextualContentAs(key);
    assertThatCode(() -> fresh.open("run").close()).doesNotThrowAnyException();
  }
}
