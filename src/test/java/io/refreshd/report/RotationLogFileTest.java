package io.refreshd.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotationLogFileTest {

  private static final GrantName GRANT = new GrantName("germany", "live");

  @TempDir Path folder;
  private Path path;
  private final LogKeepingStore store = new LogKeepingStore("first-");
  private RotationLogFile file;

  @BeforeEach
  void open() {
    path = folder.resolve("rotation.log");
    file = new RotationLogFile(path, store, RotationLogFile.DEFAULT_LIMIT);
  }

  @Test
  void everyEntryOfTheStoreIsOneLine() {
    happen(3);
    file.catchUp();
    happen(2);
    file.catchUp();
    file.catchUp();

    assertThat(marks(path)).containsExactlyElementsOf(marks("first-", 1, 5));
  }

  @Test
  void anEmptyStoreMakesAnEmptyFileOfTheOwnerAlone() throws IOException {
    file.catchUp();

    assertThat(path).isEmptyFile();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void aCommandOfRootsDoesNotShutTheServiceOut() throws IOException {
    assumeTrue(Files.getAttribute(folder, "unix:uid").equals(0), "only root can give files away");
    Files.setAttribute(folder, "unix:uid", 4711);
    Files.setAttribute(folder, "unix:gid", 4712);
    RotationLogFile small = new RotationLogFile(path, store, 100);
    happen(1);
    small.catchUp();
    happen(2);
    small.catchUp();

    assertThat(names()).containsExactly("rotation.log", "rotation.log.1", "rotation.log.2");
    for (String name : names()) {
      assertThat(Files.getAttribute(folder.resolve(name), "unix:uid")).as(name).isEqualTo(4711);
      assertThat(Files.getAttribute(folder.resolve(name), "unix:gid")).as(name).isEqualTo(4712);
    }
  }

  @Test
  void aTornLineIsWrittenAgain() throws IOException {
    happen(3);
    file.catchUp();
    byte[] whole = Files.readAllBytes(path);
    for (int torn = whole.length - 1; torn >= 0; torn -= 7) {
      Files.write(path, Arrays.copyOf(whole, torn));
      file.catchUp();

      assertThat(path).hasBinaryContent(whole);
    }
  }

  @Test
  void zeroesThatAPowerCutLeftAreCutOff() throws IOException {
    happen(2);
    file.catchUp();
    byte[] whole = Files.readAllBytes(path);
    Files.write(path, new byte[4096], StandardOpenOption.APPEND);
    file.catchUp();

    assertThat(path).hasBinaryContent(whole);
  }

  @Test
  void aLineThatSomebodyWroteThereIsPassedOver() throws IOException {
    happen(2);
    file.catchUp();
    Files.writeString(path, "maintenance on sunday\n", StandardOpenOption.APPEND);
    happen(1);
    file.catchUp();

    assertThat(Files.readAllLines(path)).hasSize(4).contains("maintenance on sunday");
    assertThat(marks(path)).containsExactlyElementsOf(marks("first-", 1, 3));
  }

  @Test
  void aLineOfAnyLengthIsFoundAgain() {
    store.append(Entry.of(Instant.EPOCH, GRANT, Event.REFUSED, "\u0001".repeat(60_000)));
    file.catchUp();
    happen(1);
    file.catchUp();

    assertThat(marks(path)).containsExactlyElementsOf(marks("first-", 1, 2));
  }

  @Test
  void aFullFileIsRolledAndFiveAreKept() throws IOException {
    RotationLogFile small = new RotationLogFile(path, store, 2_000);
    for (int i = 0; i < 100; i++) {
      happen(1);
      small.catchUp();
    }

    assertThat(names())
        .containsExactly(
            "rotation.log",
            "rotation.log.1",
            "rotation.log.2",
            "rotation.log.3",
            "rotation.log.4",
            "rotation.log.5");
    List<LogMark> kept = everything();
    assertThat(kept)
        .containsExactlyElementsOf(marks("first-", kept.get(0).seq(), 100))
        .hasSizeGreaterThan(20);
    assertThat(Files.size(folder.resolve("rotation.log.1"))).isBetween(2_000L, 2_500L);
  }

  @Test
  void aLongBacklogIsRolledOnTheWay() throws IOException {
    happen(20);
    new RotationLogFile(path, store, 2_000).catchUp();

    assertThat(everything()).containsExactlyElementsOf(marks("first-", 1, 20));
    assertThat(names()).hasSizeGreaterThan(2);
  }

  @Test
  void aRolledFileIsTakenUpWhereItEnded() throws IOException {
    happen(3);
    file.catchUp();
    Files.move(path, folder.resolve("rotation.log.1"));
    happen(2);
    file.catchUp();

    assertThat(marks(path)).containsExactlyElementsOf(marks("first-", 4, 5));
  }

  @Test
  void anotherStoresLogBeginsInANewFile() throws IOException {
    happen(3);
    file.catchUp();
    LogKeepingStore other = new LogKeepingStore("second-");
    RotationLogFile follower = new RotationLogFile(path, other, RotationLogFile.DEFAULT_LIMIT);
    follower.catchUp();
    happen(other, 5);
    follower.catchUp();
    follower.catchUp();

    assertThat(marks(path)).containsExactlyElementsOf(marks("second-", 1, 5));
    assertThat(marks(folder.resolve("rotation.log.1")))
        .containsExactlyElementsOf(marks("first-", 1, 3));
    assertThat(names()).hasSize(2);
  }

  @Test
  void aStoreRestoredFromABackupBeginsInANewFile() throws IOException {
    happen(5);
    file.catchUp();
    LogKeepingStore restored = store.restoredTo(2);
    new RotationLogFile(path, restored, RotationLogFile.DEFAULT_LIMIT).catchUp();

    assertThat(marks(path)).containsExactlyElementsOf(marks("first-", 1, 2));
    assertThat(marks(folder.resolve("rotation.log.1"))).hasSize(5);
  }

  @Test
  void aNewFileBesideALongLogBeginsWithTheNewestEntriesThatFit() throws IOException {
    happen(1_000);
    new RotationLogFile(path, store, 2_000).catchUp();

    List<LogMark> kept = everything();
    assertThat(kept)
        .containsExactlyElementsOf(marks("first-", kept.get(0).seq(), 1_000))
        .hasSizeBetween(15, 25);
    assertThat(store.handedOver).hasValueLessThan(30);
  }

  @Test
  void anotherStoresLongLogRollsAwayNoMoreThanItMust() throws IOException {
    happen(10);
    new RotationLogFile(path, store, 2_000).catchUp();
    LogKeepingStore other = new LogKeepingStore("second-");
    happen(other, 1_000);
    new RotationLogFile(path, other, 2_000).catchUp();

    List<LogMark> kept = everything();
    assertThat(kept).startsWith(marks("first-", 1, 10).toArray(LogMark[]::new));
    assertThat(kept.subList(10, kept.size()))
        .containsExactlyElementsOf(marks("second-", kept.get(10).seq(), 1_000));
  }

  @Test
  void whereNoFileIsFreeAnotherStoresLongLogTakesTheOldestAlone() throws IOException {
    happen(100);
    new RotationLogFile(path, store, 2_000).catchUp();
    happen(100);
    new RotationLogFile(path, store, 2_000).catchUp();
    List<LogMark> before = everything();
    LogKeepingStore other = new LogKeepingStore("second-");
    happen(other, 1_000);
    new RotationLogFile(path, other, 2_000).catchUp();

    List<LogMark> first =
        everything().stream().filter(mark -> mark.hash().startsWith("first-")).toList();
    assertThat(first).endsWith(before.get(before.size() - 1));
    assertThat(first).hasSizeGreaterThan(before.size() / 2);
    assertThat(marks(path)).endsWith(new LogMark(1_000, "second-1000"));
  }

  @Test
  void aFileThatIsFarBehindGoesOnWithTheNewestEntriesThatFit() throws IOException {
    happen(3);
    new RotationLogFile(path, store, 2_000).catchUp();
    happen(1_000);
    store.handedOver.set(0);
    RotationLogFile late = new RotationLogFile(path, store, 2_000);
    late.catchUp();
    happen(1);
    late.catchUp();

    List<LogMark> kept = everything();
    assertThat(kept).startsWith(marks("first-", 1, 3).toArray(LogMark[]::new));
    assertThat(kept.subList(3, kept.size()))
        .containsExactlyElementsOf(marks("first-", kept.get(3).seq(), 1_004));
    assertThat(store.handedOver).hasValueLessThan(30);
  }

  @Test
  void writersThatMeetDoubleAndLoseNothing() throws Exception {
    List<RotationLogFile> files =
        Stream.generate(() -> new RotationLogFile(path, store, 20_000)).limit(2).toList();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        RotationLogFile mine = files.get(i % 2);
        writers.add(threads.submit(() -> write(mine, 25)));
      }
      for (Future<?> writer : writers) {
        writer.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(everything()).containsExactlyElementsOf(marks("first-", 1, 200));
  }

  @Test
  void processesThatMeetDoubleAndLoseNothing(@TempDir Path elsewhere) throws Exception {
    Path counter = Files.createFile(elsewhere.resolve("entries"));
    Process first = LogWritingProcess.start(path, counter, 300);
    Process second = LogWritingProcess.start(path, counter, 300);
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(List.of(first.exitValue(), second.exitValue())).containsOnly(0);
    List<LogMark> kept = everything();
    assertThat(kept)
        .containsExactlyElementsOf(marks(LogWritingProcess.STORE, kept.get(0).seq(), 600));
    assertThat(names()).hasSize(6);
  }

  @Test
  void aFileThatIsSomethingElseIsLeftAlone() throws IOException {
    Files.writeString(path, "root:x:0:0:root:/root:/bin/sh\nno line break");
    happen(1);

    assertThatThrownBy(file::catchUp)
        .isInstanceOf(RotationLogException.class)
        .hasMessageContaining("rotation.log is not a rotation log; move it away");
    assertThat(path).hasContent("root:x:0:0:root:/root:/bin/sh\nno line break");
  }

  @Test
  void aMissingFolderIsSaidSo() {
    RotationLogFile nowhere = new RotationLogFile(folder.resolve("no/rotation.log"), store, 1_000);

    assertThatThrownBy(nowhere::catchUp)
        .isInstanceOf(RotationLogException.class)
        .hasMessageContaining("there is no such folder")
        .hasMessageContaining("the store has every entry");
  }

  @Test
  void aFullDiskLosesNothing() throws IOException {
    Files.createSymbolicLink(path, Path.of("/dev/full"));
    happen(2);
    assertThatThrownBy(file::catchUp)
        .isInstanceOf(RotationLogException.class)
        .hasMessageContaining("No space left");

    Files.delete(path);
    file.catchUp();
    assertThat(marks(path)).containsExactlyElementsOf(marks("first-", 1, 2));
  }

  private void write(RotationLogFile mine, int times) {
    for (int i = 0; i < times; i++) {
      happen(1);
      mine.catchUp();
    }
  }

  private void happen(int times) {
    happen(store, times);
  }

  private static void happen(LogKeepingStore store, int times) {
    for (int i = 0; i < times; i++) {
      store.append(Entry.of(Instant.EPOCH, GRANT, Event.ROTATED, null));
    }
  }

  /** All that is kept, oldest first. */
  private List<LogMark> everything() throws IOException {
    List<String> names = new ArrayList<>(names());
    names.remove("rotation.log");
    names.sort(Comparator.reverseOrder());
    names.add("rotation.log");
    return names.stream().flatMap(name -> marks(folder.resolve(name)).stream()).toList();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static List<LogMark> marks(Path path) {
    try {
      String text = Files.readString(path, UTF_8);
      return text.lines().flatMap(line -> LogMark.parse(line).stream()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<LogMark> marks(String store, long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(seq -> new LogMark(seq, store + seq)).toList();
  }
}
