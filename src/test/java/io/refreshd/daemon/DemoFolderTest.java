package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoFolderTest {

  private final MutableClock clock = new MutableClock();

  @TempDir private Path parent;

  /** What a demo leaves behind that is killed. */
  private Path leftBy(String name, Duration ago, String... files) throws Exception {
    Path folder = Files.createDirectory(parent.resolve(name));
    for (String file : files) {
      Path made = Files.writeString(folder.resolve(file), "x");
      Instant then = clock.instant().minus(ago);
      Files.setLastModifiedTime(made, FileTime.from(then));
    }
    Files.createDirectories(folder.resolve("grants"));
    Files.writeString(folder.resolve("grants/refreshd.db"), "x");
    return folder;
  }

  @Test
  void itIsTheOwnersAloneAndGoesInTheEnd() throws Exception {
    Path path;
    try (DemoFolder folder = DemoFolder.make(parent, clock)) {
      path = folder.path();
      Files.createDirectory(path.resolve("grants"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void theFolderOfADemoThatWasKilledIsRemovedByTheNext() throws Exception {
    Path dead = leftBy("refreshd-demo-1", Duration.ofHours(1), "demo.lock");

    DemoFolder.make(parent, clock).close();

    assertThat(dead).doesNotExist();
  }

  @Test
  void whatMayBeAliveOrIsNoDemosStays() throws Exception {
    Path young = leftBy("refreshd-demo-2", Duration.ofSeconds(5), "demo.lock");
    Path foreign = leftBy("refreshd-demo-3", Duration.ofHours(1), "other");
    Path other = leftBy("refreshd-other", Duration.ofHours(1), "demo.lock");
    Path elsewhere = leftBy("elsewhere", Duration.ofHours(1), "demo.lock");
    Path link = Files.createSymbolicLink(parent.resolve("refreshd-demo-4"), elsewhere);
    try (DemoFolder alive = DemoFolder.make(parent, clock)) {
      FileTime longAgo = FileTime.from(clock.instant().minus(Duration.ofHours(1)));
      Files.setLastModifiedTime(alive.path().resolve("demo.lock"), longAgo);

      DemoFolder.make(parent, clock).close();

      assertThat(alive.path()).exists();
    }
    assertThat(young).exists();
    assertThat(foreign).exists();
    assertThat(other.resolve("grants/refreshd.db")).exists();
    assertThat(link).exists();
    assertThat(elsewhere.resolve("grants/refreshd.db")).exists();
  }
}
