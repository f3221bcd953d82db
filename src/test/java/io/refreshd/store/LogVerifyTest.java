package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LogFault;
import io.refreshd.rotation.LogFault.Kind;
import io.refreshd.rotation.LogProof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plants one change of each sort into a log of forty entries, and looks who finds it. */
class LogVerifyTest {

  private static final int ENTRIES = 40;
  private static final String COLUMNS =
      "at, tenant, name, event, trigger, generation, issued_at, expires_at, duration, http_status,"
          + " kind, error, code, suberror, correlation_id, trace_id, message, fingerprint, hash,"
          + " node";
  private static final List<String> TEXTS =
      List.of(
          "tenant",
          "name",
          "event",
          "trigger",
          "kind",
          "error",
          "code",
          "suberror",
          "correlation_id",
          "trace_id",
          "message",
          "fingerprint",
          "hash",
          "node");
  private static final List<String> NUMBERS =
      List.of("at", "generation", "issued_at", "expires_at", "duration", "http_status");

  private static Path folder;
  private static StoreFixture fixture;

  @BeforeAll
  @BeforeContainer
  static void writeALog() throws IOException {
    folder = Files.createTempDirectory("log-verify");
    fixture = new StoreFixture(folder);
    try (OpenStore store = fixture.open("run")) {
      for (int n = 1; n <= ENTRIES; n++) {
        store.append(entry(n));
      }
    }
    Files.createDirectory(StoreLocation.folderOf(original()));
    copy(fixture.location.base(), original());
    copy(head(), Path.of(original() + ".head"));
    copy(fixture.location.keyFile(), Path.of(original() + ".key"));
  }

  @AfterAll
  @AfterContainer
  static void removeTheLog() throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @BeforeEach
  @BeforeTry
  void untouched() throws IOException {
    for (String side : new String[] {"-wal", "-shm"}) {
      Files.deleteIfExists(Path.of(fixture.location.base() + side));
    }
    copy(original(), fixture.location.base());
    copy(Path.of(original() + ".head"), head());
    copy(Path.of(original() + ".key"), fixture.location.keyFile());
  }

  private static Entry entry(int n) {
    fixture.clock.advance(Duration.ofSeconds(1));
    GrantName grant = n % 2 == 0 ? Samples.LIVE : Samples.FRANCE;
    return n % 3 == 0 ? fixture.samples.refused(grant, n) : fixture.samples.rotated(grant, n);
  }

  /** In a folder of its own: beside the store it would be a store that needs its key, too. */
  private static Path original() {
    return folder.resolve("apart").resolve("original");
  }

  private static Path head() {
    return Path.of(fixture.location.base() + ".head");
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static LogProof verify() {
    return verify(fixture);
  }

  private static LogProof verify(StoreFixture of) {
    try (OpenStore store = of.openToRead()) {
      return store.verifyLog();
    }
  }

  private static void assertFound(Kind kind, long seq) {
    assertThat(verify().faults())
        .as("%s %d", kind, seq)
        .extracting(LogFault::kind, LogFault::seq)
        .containsExactly(tuple(kind, seq));
  }

  @Test
  void anUntouchedLogIsProven() {
    LogProof proof = verify();

    assertThat(proof.isProven()).as("%s", proof).isTrue();
    assertThat(proof.entries()).isEqualTo(ENTRIES);
    assertThat(proof.head()).isEqualTo(ENTRIES);
    assertThat(proof.unproven()).isNull();
  }

  @Property(tries = 120)
  void aChangedFieldIsFound(
      @ForAll("columns") String column, @ForAll @IntRange(min = 1, max = ENTRIES) int seq)
      throws Exception {
    String value = NUMBERS.contains(column) ? "1 + coalesce(%s, 0)" : "'x' || coalesce(%s, '')";
    sql("UPDATE rotation_log SET " + column + " = " + value.formatted(column) + at(seq));

    assertFound(Kind.CHANGED, seq);
  }

  @Property(tries = 60)
  void aFieldThatWasEmptiedIsFound(
      @ForAll("columns") String column, @ForAll @IntRange(min = 1, max = ENTRIES) int seq)
      throws Exception {
    boolean isNeeded = List.of("at", "event", "hash").contains(column);
    String empty = NUMBERS.contains(column) ? "0" : "''";
    sql("UPDATE rotation_log SET " + column + " = " + (isNeeded ? empty : "NULL") + at(seq));

    LogProof proof = verify();
    boolean wasEmptyBefore = !isChanged(seq);
    assertThat(proof.isProven()).isEqualTo(wasEmptyBefore);
    if (!wasEmptyBefore) {
      assertFound(Kind.CHANGED, seq);
    }
  }

  @Property(tries = 40)
  void aNumberThatWasChangedIsFound(@ForAll @IntRange(min = 1, max = ENTRIES - 1) int seq)
      throws Exception {
    sql("UPDATE rotation_log SET seq = 100" + at(seq));

    assertFound(Kind.REORDERED, 100);
  }

  @Property(tries = 40)
  void aRemovedEntryIsFound(@ForAll @IntRange(min = 1, max = ENTRIES - 1) int seq)
      throws Exception {
    sql("DELETE FROM rotation_log" + at(seq));

    assertFound(Kind.REMOVED, seq);
  }

  @Property(tries = 40)
  void anEntryThatWasRemovedAndTheRestNumberedAnewIsFound(
      @ForAll @IntRange(min = 1, max = ENTRIES - 1) int seq) throws Exception {
    sql("DELETE FROM rotation_log" + at(seq));
    shift(seq + 1, -1);

    assertThat(verify().faults())
        .extracting(LogFault::kind, LogFault::seq)
        .containsExactlyInAnyOrder(
            tuple(Kind.CHANGED, (long) seq), tuple(Kind.REMOVED, (long) ENTRIES));
  }

  @Property(tries = 40)
  void anInsertedEntryIsFound(
      @ForAll @IntRange(min = 1, max = ENTRIES) int seq, @ForAll boolean isFitting)
      throws Exception {
    shift(seq, 1);
    forge(seq, isFitting);

    assertFound(Kind.INSERTED, seq);
  }

  @Property(tries = 40)
  void aCopyOfAnEntryIsFound(
      @ForAll @IntRange(min = 1, max = ENTRIES - 1) int from,
      @ForAll @IntRange(min = 1, max = ENTRIES - 1) int seq)
      throws Exception {
    int to = seq + 1;
    String row = "INSERT INTO rotation_log SELECT -1, " + COLUMNS + " FROM rotation_log" + at(from);
    sql(row);
    shift(to, 1);
    sql("UPDATE rotation_log SET seq = " + to + at(-1));

    // the copy that follows its original cannot be told from it
    assertFound(Kind.INSERTED, to == from + 1 ? from : to);
  }

  @Property(tries = 60)
  void twoEntriesThatWereSwappedAreFound(
      @ForAll @IntRange(min = 1, max = ENTRIES) int one,
      @ForAll @IntRange(min = 1, max = ENTRIES) int other)
      throws Exception {
    Assume.that(one != other);
    sql(
        "UPDATE rotation_log SET seq = -1" + at(one),
        "UPDATE rotation_log SET seq = " + one + at(other),
        "UPDATE rotation_log SET seq = " + other + at(-1));

    assertThat(verify().faults())
        .filteredOn(fault -> fault.kind() == Kind.REORDERED)
        .extracting(LogFault::seq)
        .containsExactly((long) Math.min(one, other), (long) Math.max(one, other));
  }

  @Property(tries = 30)
  void aTailThatWasCutIsFoundByTheHead(@ForAll @IntRange(min = 1, max = ENTRIES) int first)
      throws Exception {
    sql("DELETE FROM rotation_log WHERE seq >= " + first);

    assertFound(Kind.CUT, first);
  }

  @Property(tries = 30)
  void aChainThatWasRewrittenIsFoundByTheHead(@ForAll @IntRange(min = 1, max = ENTRIES) int first)
      throws Exception {
    sql("DELETE FROM rotation_log WHERE seq >= " + first);
    for (int seq = first; seq <= ENTRIES; seq++) {
      forge(seq, true);
    }

    assertFound(Kind.REWRITTEN, ENTRIES);
  }

  @Test
  void aKillInTheFirstSecondOfANewStoreLeavesALogThatIsProven() throws Exception {
    StoreFixture fresh = new StoreFixture(Files.createDirectory(folder.resolve("fresh")));
    try (OpenStore killed = fresh.open("run")) {
      assertThat(verify(fresh).isProven()).as("without an entry").isTrue();
      killed.append(entry(1));
      killed.append(entry(2));

      // what stands there now is what a kill leaves: nobody has kept the head yet
      LogProof proof = verify(fresh);
      assertThat(proof.isProven()).as("%s", proof).isTrue();
      assertThat(proof.entries()).isEqualTo(2);
      assertThat(proof.head()).isZero();
      assertThat(proof.unproven()).isNull();
    }
    assertThat(verify(fresh).head()).isEqualTo(2);
    fresh.execute("DELETE FROM rotation_log");
    assertThat(verify(fresh).faults())
        .extracting(LogFault::kind, LogFault::seq)
        .containsExactly(tuple(Kind.CUT, 1L));
    Files.delete(Path.of(fresh.location.base() + ".head"));
    assertThat(verify(fresh).faults())
        .extracting(LogFault::kind, LogFault::seq)
        .containsExactly(tuple(Kind.HEAD, 0L));
  }

  @Test
  void theHeadOfAnOlderStoreOfThatNameIsNotReplaced() throws Exception {
    StoreFixture fresh = new StoreFixture(Files.createDirectory(folder.resolve("again")));
    copy(head(), Path.of(fresh.location.base() + ".head"));
    copy(fixture.location.keyFile(), fresh.location.keyFile());
    try (OpenStore store = fresh.open("run")) {
      store.append(entry(1));
    }
    assertThat(verify(fresh).faults())
        .extracting(LogFault::kind, LogFault::seq)
        .containsExactly(tuple(Kind.CUT, 2L));
  }

  @Test
  void withoutItsHeadALogIsNotProven() throws Exception {
    Files.delete(head());

    assertFound(Kind.HEAD, ENTRIES);
  }

  @Test
  void aHeadThatWasRewrittenWithTheLogIsFoundByItsSeal() throws Exception {
    sql("DELETE FROM rotation_log WHERE seq > 30");
    String[] kept = Files.readString(head()).split(" ", 3);
    Files.writeString(head(), "30 " + hash(30) + " " + kept[2]);

    assertFound(Kind.HEAD, 30);
  }

  @Test
  void aHeadThatIsNoneIsFound() throws Exception {
    Files.write(head(), new byte[] {(byte) 0xff, (byte) 0xfe, 'x'});

    assertFound(Kind.HEAD, 0);
  }

  @Test
  void aHeadThatLagsBehindIsFine() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      store.append(entry(1));
      LogProof proof = store.verifyLog();
      assertThat(proof.isProven()).isTrue();
      assertThat(proof.head()).isEqualTo(ENTRIES);
      store.keepHead();
      assertThat(store.verifyLog().head()).isEqualTo(ENTRIES + 1);
    }
  }

  @Test
  void theHeadIsForTheOwnerAloneAndLeavesNothingBeside() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(head())))
        .isEqualTo("rw-------");
    assertThat(Path.of(head() + ".new")).doesNotExist();
  }

  @Test
  void aWriterDoesNotReplaceTheProofOfACutTail() throws Exception {
    sql("DELETE FROM rotation_log WHERE seq > 30");

    try (OpenStore store = fixture.open("run")) {
      store.append(entry(1));
      store.keepHead();
    }

    assertFound(Kind.CUT, 32);
  }

  @Test
  void theHeadOutlivesANewKey() {
    try (OpenStore store = fixture.open("run")) {
      assertThat(store.sealingKeyRotation().run((step, resealed) -> {}).oldKeys())
          .isEqualTo(SealingKeyRotation.OldKeys.REMOVED);
    }
    assertThat(verify().isProven()).isTrue();
    try (OpenStore store = fixture.open("run")) {
      store.append(entry(1));
    }
    assertThat(verify().head()).isEqualTo(ENTRIES + 2);
    assertThat(verify().isProven()).isTrue();
  }

  @Test
  void whereEverythingIsBrokenTheOutputIsBounded() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      IntStream.range(0, 300).forEach(n -> store.append(entry(n)));
    }
    sql("UPDATE rotation_log SET message = message || '!'");

    LogProof proof = verify();
    assertThat(proof.faults()).hasSize(100);
    assertThat(proof.more()).isEqualTo(ENTRIES + 300 - 100);
    assertThat(proof.isProven()).isFalse();
  }

  @Provide
  Arbitrary<String> columns() {
    List<String> all = new ArrayList<>(TEXTS);
    all.addAll(NUMBERS);
    return Arbitraries.of(all);
  }

  private static String at(int seq) {
    return " WHERE seq = " + seq;
  }

  /** Gives all entries from a number on another one. */
  private static void shift(int from, int by) throws SQLException {
    sql(
        "UPDATE rotation_log SET seq = -1000 - seq WHERE seq >= " + from,
        "UPDATE rotation_log SET seq = -1000 - seq + " + by + " WHERE seq < -999");
  }

  private static void sql(String... statements) throws SQLException {
    fixture.execute(statements);
  }

  private static String hash(int seq) throws SQLException {
    return seq == 0 ? HashChain.START : text("SELECT hash FROM rotation_log" + at(seq));
  }

  private static boolean isChanged(int seq) throws SQLException {
    String row = "SELECT " + COLUMNS.replace(", ", " || '|' || ") + " FROM x.rotation_log";
    String quoted =
        row.replaceAll("(\\w+) \\|\\|", "quote($1) ||").replace("node FROM", "quote(node) FROM");
    try (Connection connection = fixture.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("ATTACH '" + original() + "' AS x");
      return !first(statement, quoted + at(seq))
          .equals(first(statement, quoted.replace("x.", "main.") + at(seq)));
    }
  }

  private static String text(String query) throws SQLException {
    try (Connection connection = fixture.connection();
        Statement statement = connection.createStatement()) {
      return first(statement, query);
    }
  }

  private static String first(Statement statement, String query) throws SQLException {
    try (var rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  /** An entry that nobody wrote, with a hash that fits the entry before it or not. */
  private static void forge(int seq, boolean isFitting) throws SQLException {
    Entry entry = Entry.of(fixture.clock.instant(), null, Event.REVEALED, "forged");
    String hash = isFitting ? HashChain.next(hash(seq - 1), entry, null) : "0".repeat(63) + "1";
    try (Connection connection = fixture.connection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO rotation_log (seq, at, event, message, hash) VALUES (?, ?, ?, ?,"
                    + " ?)")) {
      insert.setLong(1, seq);
      insert.setLong(2, Micros.of(entry.at()));
      insert.setString(3, entry.event().word());
      insert.setString(4, entry.message());
      insert.setString(5, hash);
      insert.executeUpdate();
    }
  }
}
