package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup, a restore and a long read leave the daemon the room that it rotates with. */
class RoomTest {

  private static final long MEBIBYTE = 1L << 20;
  private static final long RESERVE = 100 * MEBIBYTE;

  @TempDir private Path folder;
  private StoreFixture fixture;
  private Path here;
  private Path elsewhere;
  private final Map<Path, Disk.Space> spaces = new HashMap<>();
  private final Disk disk =
      new Disk() {
        @Override
        public Space space(Path of) throws IOException {
          Space space = spaces.get(of);
          return space == null ? Disk.super.space(of) : space;
        }
      };

  @BeforeEach
  void aStoreOfSomeMebibytes() throws Exception {
    here = Files.createDirectory(folder.resolve("here"));
    elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    fixture = new StoreFixture(here);
    try (OpenStore store = fixture.open("run")) {
      fixture.samples.bringIn(store, LIVE);
    }
    fixture.execute(
        "INSERT INTO told_causes (channel, cause) VALUES ('x', hex(zeroblob(2500000)))");
  }

  private void free(Path of, String volume, long bytes) {
    spaces.put(of, new Disk.Space(volume, bytes));
  }

  private void backUp(Path target) {
    var unused =
        StoreBackup.make(
            fixture.location, target, fixture.clock, step -> {}, new StopRequest(), disk);
  }

  private void stage(Path backup) {
    StoreRestore.stage(fixture.location, backup, fixture.clock, step -> {}, new StopRequest(), disk)
        .close();
  }

  private List<String> files(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void aBackupThatWouldFillTheDaemonsDiskIsRefusedBeforeItWritesAnything() throws Exception {
    long size = StoreSnapshot.size(fixture.location.base());
    free(here, "disk", 2 * size + RESERVE - 1);

    assertThatThrownBy(() -> backUp(here.resolve("a.backup")))
        .isInstanceOf(StoreException.class)
        .hasMessageMatching(
            "the backup \\S+/a.backup was not made: on the disk of \\S+/here it needs 11\\d MiB"
                + " \\(100 MiB of it for the daemon\\), and 1\\d\\d MiB are free. make room there, or"
                + " name a file on another disk");
    assertThat(files(here)).noneMatch(name -> name.matches(".*(copying|unfinished|a.backup)"));

    free(here, "disk", 2 * size + RESERVE);
    assertThatCode(() -> backUp(here.resolve("a.backup"))).doesNotThrowAnyException();
  }

  @Test
  void aBackupToAnotherDiskNeedsTheRoomOnceOnEach() {
    long size = StoreSnapshot.size(fixture.location.base());
    Path target = elsewhere.resolve("a.backup");
    free(here, "disk", size + RESERVE);
    free(elsewhere, "another", size - 1);

    assertThatThrownBy(() -> backUp(target))
        .hasMessageContaining("was not made: on the disk of " + elsewhere + " it needs 5 MiB, and");

    free(elsewhere, "another", size);
    assertThatCode(() -> backUp(target)).doesNotThrowAnyException();

    free(here, "disk", size + RESERVE - 1);
    assertThatThrownBy(() -> backUp(target))
        .hasMessageContaining("was not made: on the disk of " + here + " it needs 105 MiB")
        .hasMessageEndingWith(" MiB are free. make room there");
  }

  @Test
  void whatAKilledBackupLeftDoesNotTakeTheRoomOfTheNext() throws Exception {
    Path left = Files.write(here.resolve("refreshd.db.copying"), new byte[100]);
    Path target = here.resolve("a.backup");
    free(here, "disk", 0);

    assertThatThrownBy(() -> backUp(target)).hasMessageContaining(" 0 MiB are free");

    assertThat(left).doesNotExist();
  }

  @Test
  void aRestoreThatWouldFillTheDaemonsDiskIsRefusedBeforeItWritesAnything() throws Exception {
    Path backup = elsewhere.resolve("a.backup");
    backUp(backup);
    free(here, "disk", Files.size(backup) + RESERVE);

    assertThatThrownBy(() -> stage(backup))
        .isInstanceOf(StoreException.class)
        .hasMessageMatching(
            "the backup \\S+/a.backup was not restored: on the disk of \\S+/here it needs 105 MiB"
                + " \\(100 MiB of it for the daemon\\), and 10\\d MiB are free. make room there");
    assertThat(files(here)).noneMatch(name -> name.contains("restoring"));

    free(here, "disk", Files.size(backup) + RESERVE + 1024);
    assertThatCode(() -> stage(backup)).doesNotThrowAnyException();
  }

  @Test
  void theWriteAheadLogDoesNotStayAsLargeAsItGrewBesideALongRead() throws Exception {
    Path log = Path.of(fixture.location.base() + "-wal");
    try (OpenStore store = fixture.open("run")) {
      try (Connection reader = fixture.connection();
          Statement reading = reader.createStatement()) {
        reading.execute("BEGIN");
        reading.executeQuery("SELECT count(*) FROM grants").close();
        writeMuch();
      }
      assertThat(Files.size(log)).isGreaterThan(80_000_000);

      fixture.samples.rotate(store, LIVE, 1); // copies the log back
      fixture.samples.rotate(store, LIVE, 2); // begins it anew

      assertThat(Files.size(log)).isLessThanOrEqualTo(64 * MEBIBYTE);
    }
  }

  private void writeMuch() throws SQLException {
    fixture.execute(
        "INSERT INTO told_causes (channel, cause) VALUES ('y', hex(zeroblob(40000000)))");
  }
}
