package io.refreshd.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.RefreshTokens;
import io.refreshd.report.RotationLogException;
import io.refreshd.report.RotationLogFile;
import io.refreshd.rotation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The rotation log file on a disk that fails: it misses nothing when that is over. */
class RotationLogFaultTest {

  @TempDir(factory = InMemoryFolder.class)
  private Path folder;

  private final Outside outside = new Outside(RefreshTokens.REUSABLE);
  private Inside inside;
  private Path log;

  @BeforeEach
  void aStore() {
    inside = Inside.start(outside, folder);
    inside.bringIn(outside.grant);
    log = folder.resolve("rotation.log");
  }

  @AfterEach
  void close() {
    inside.close();
  }

  private RotationLogFile file(long limit) {
    return new RotationLogFile(log, inside.store, limit);
  }

  private void rotate() {
    outside.clock.advance(Duration.ofDays(8));
    assertThat(inside.rotate(outside.grant)).isInstanceOf(Outcome.Rotated.class);
  }

  private static void assertHoldsAll(List<Path> files, int entries) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Path file : files) {
      lines.append(Files.readString(file));
    }
    assertThat(lines.toString().lines().map(line -> line.replaceAll("\\{\"seq\":(\\d+).*", "$1")))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, entries).mapToObj(Integer::toString).toList());
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "/dev/full is Linux's")
  void onAFullDiskTheRotationsGoOnAndAllLinesComeLater() throws IOException {
    Files.createSymbolicLink(log, Path.of("/dev/full"));
    rotate();
    assertThatThrownBy(() -> file(RotationLogFile.DEFAULT_LIMIT).catchUp())
        .isInstanceOf(RotationLogException.class)
        .hasMessageContaining("rotation.log: No space left on device")
        .hasMessageContaining("the store has every entry");
    rotate();

    Files.delete(log);
    file(RotationLogFile.DEFAULT_LIMIT).catchUp();

    assertHoldsAll(List.of(log), 3);
  }

  @Test
  void whereTheFileCannotBeRolledItIsAsSoonAsItCan() throws IOException {
    file(1).catchUp();
    Path inTheWay = Files.createDirectory(folder.resolve("rotation.log.5"));
    for (int number = 1; number <= 4; number++) {
      Files.copy(log, folder.resolve("rotation.log." + number));
    }
    rotate();
    assertThatThrownBy(() -> file(1).catchUp()).isInstanceOf(RotationLogException.class);
    rotate();

    Files.delete(inTheWay);
    file(1).catchUp();

    assertHoldsAll(
        List.of(folder.resolve("rotation.log.2"), folder.resolve("rotation.log.1"), log), 3);
  }

  @Test
  void aFileThatAPowerCutLeftFullOfZeroesIsBegunAnew() throws IOException {
    for (int size : List.of(1, 512, 4096, 100_000)) {
      Files.write(log, new byte[size]);
      file(RotationLogFile.DEFAULT_LIMIT).catchUp();
      assertHoldsAll(List.of(log), 1);
    }
  }

  @Test
  void aFileThatIsTornAtAnyByteIsMadeWhole() throws IOException {
    rotate();
    file(RotationLogFile.DEFAULT_LIMIT).catchUp();
    byte[] whole = Files.readAllBytes(log);
    for (int there = 0; there < whole.length; there += 11) {
      Files.write(log, Arrays.copyOf(whole, there));
      file(RotationLogFile.DEFAULT_LIMIT).catchUp();
      assertThat(log).hasBinaryContent(whole);
      byte[] zeroed = whole.clone();
      Arrays.fill(zeroed, there, whole.length, (byte) 0);
      Files.write(log, zeroed);
      file(RotationLogFile.DEFAULT_LIMIT).catchUp();
      assertThat(log).as("zeroes from byte " + there).hasBinaryContent(whole);
    }
  }
}
