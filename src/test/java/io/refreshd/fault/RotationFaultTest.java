package io.refreshd.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.State;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenStore.Kept;
import io.refreshd.store.FaultyDisk.Fault;
import io.refreshd.store.FaultyDisk.How;
import io.refreshd.store.FaultyDisk.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a fault of the disk does to a rotation: every call that the rotation makes to the disk fails
 * in its turn, until one goes through without a failure.
 */
class RotationFaultTest {

  /** When the disk begins to fail. */
  private enum When {
    BEFORE_THE_REDEMPTION,
    AFTER_IT
  }

  /** What must come of it. */
  private enum Then {
    /** The rotation stops with a message, and the server is not asked. */
    STOPS,
    /** The successor is kept in the spool: a kill does not matter. */
    SPOOLED,
    /** It is kept in memory, and in the spool with the next look at it. */
    SPOOLED_LATER,
    /** It is kept in memory as long as the process lives. */
    IN_MEMORY
  }

  /** One line of the table. */
  private record Row(Set<Part> fails, How how, boolean lasts, When when, Then then) {

    @Override
    public String toString() {
      return fails + " " + how + (lasts ? " for good " : " once ") + when + ": " + then;
    }
  }

  private static final Set<Part> STORE = EnumSet.of(Part.DATABASE);
  private static final Set<Part> SPOOL = EnumSet.of(Part.SPOOL);
  private static final int MORE_THAN_A_ROTATION_NEEDS = 100;

  private static final Map<RefreshTokens, Path> PREPARED = new EnumMap<>(RefreshTokens.class);

  @TempDir(factory = InMemoryFolder.class)
  private static Path folder;

  static Stream<Row> table() {
    List<How> ofADatabase = List.of(How.FULL, How.READ_ONLY, How.FAILING, How.UNTOLD);
    List<How> ofAFile = List.of(How.values());
    return Stream.of(
            rows(STORE, ofADatabase, When.BEFORE_THE_REDEMPTION, Then.STOPS, Then.STOPS),
            rows(SPOOL, ofAFile, When.BEFORE_THE_REDEMPTION, Then.STOPS, Then.STOPS),
            rows(STORE, ofADatabase, When.AFTER_IT, Then.SPOOLED, Then.SPOOLED),
            rows(SPOOL, ofAFile, When.AFTER_IT, Then.SPOOLED_LATER, Then.IN_MEMORY))
        .flatMap(rows -> rows);
  }

  private static Stream<Row> rows(
      Set<Part> fails, List<How> ways, When when, Then ifOnce, Then ifForGood) {
    return ways.stream()
        .flatMap(
            how ->
                Stream.of(
                    new Row(fails, how, false, when, ifOnce),
                    new Row(fails, how, true, when, ifForGood)));
  }

  @BeforeAll
  static void prepareStores() throws IOException {
    for (RefreshTokens kind : RefreshTokens.values()) {
      Path made = folder.resolve(kind.name());
      PREPARED.put(kind, made);
      Outside outside = new Outside(kind);
      try (Inside inside = Inside.start(outside, made)) {
        inside.bringIn(outside.grant);
        inside.bringIn(outside.neighbour);
      }
      Files.delete(made.resolve("refreshd.db.spool-0")); // each start makes its own
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void onReusableTokens(Row row) throws IOException {
    sweep(row, RefreshTokens.REUSABLE);
  }

  @ParameterizedTest
  @MethodSource("table")
  void onSingleUseTokens(Row row) throws IOException {
    sweep(row, RefreshTokens.SINGLE_USE);
  }

  static Stream<Row> theStoreAfterTheRedemption() {
    return table().filter(row -> row.fails().equals(STORE) && row.when() == When.AFTER_IT);
  }

  @ParameterizedTest
  @MethodSource("theStoreAfterTheRedemption")
  void aRefusalThatCannotBeRecordedIsNotTakenForALostAnswer(Row row) throws IOException {
    sweep(nth -> isHit(row, RefreshTokens.SINGLE_USE, nth, Case::isRefusedAndRecordedLater));
  }

  private void sweep(Row row, RefreshTokens kind) throws IOException {
    sweep(nth -> isHit(row, kind, nth, Case::isHit));
  }

  private static void sweep(Attempt attempt) throws IOException {
    int nth = 1;
    while (attempt.isHit(nth)) {
      nth++;
      assertThat(nth).isLessThan(MORE_THAN_A_ROTATION_NEEDS);
    }
    assertThat(nth).as("calls that failed").isGreaterThan(1);
  }

  /** Lets the nth call fail; false if there was none. */
  private static boolean isHit(Row row, RefreshTokens kind, int nth, Run run) throws IOException {
    Outside outside = new Outside(kind);
    Path here = Files.createTempDirectory(folder, "world-");
    Inside.copy(Objects.requireNonNull(PREPARED.get(kind)), here);
    try (Inside inside = Inside.start(outside, here)) {
      outside.clock.advance(Duration.ofDays(8));
      return run.isHit(new Case(row, kind, nth, outside, inside, here.resolve("after-kill")));
    }
  }

  @FunctionalInterface
  private interface Attempt {
    boolean isHit(int nth) throws IOException;
  }

  @FunctionalInterface
  private interface Run {
    boolean isHit(Case one) throws IOException;
  }

  /** One call that fails. */
  private record Case(
      Row row, RefreshTokens kind, int nth, Outside outside, Inside inside, Path afterKill) {

    /** False if there was no such call. */
    boolean isHit() throws IOException {
      return row.when() == When.BEFORE_THE_REDEMPTION ? stops() : keeps();
    }

    private Fault begin() {
      if (row.fails().equals(SPOOL) && row.when() == When.AFTER_IT) {
        inside.disk.fail(STORE, How.FULL, 1, true);
      }
      return inside.disk.fail(row.fails(), row.how(), nth, row.lasts());
    }

    private boolean stops() throws IOException {
      Fault fault = begin();
      outside.whenAsked(inside.disk::mend);
      if (!isStopped(fault)) {
        return false;
      }
      Inside.copy(inside.folder(), afterKill);
      inside.disk.mend();
      goesOn(inside, 1);
      try (Inside after = Inside.start(outside, afterKill)) {
        nothingIsPresentedTwice(after);
      }
      return true;
    }

    private boolean isStopped(Fault fault) {
      try {
        Outcome outcome = inside.rotate(outside.grant);
        assertThat(fault.isHit()).as(this + ", and then " + outcome).isFalse();
        return false;
      } catch (StoreException e) {
        assertThat(e).as(toString()).isInstanceOf(StoreException.Unavailable.class);
        assertThat(outside.requests(outside.grant)).as(toString()).isZero();
        return true;
      }
    }

    private boolean keeps() throws IOException {
      List<Fault> fault = new ArrayList<>();
      outside.whenAsked(() -> fault.add(begin()));
      Outcome outcome = inside.rotate(outside.grant);
      assertThat(outcome).as(toString()).isInstanceOf(Outcome.Rotated.class);
      if (!fault.get(0).isHit()) {
        return false;
      }
      assertThat(((Outcome.Rotated) outcome).kept()).as(toString()).isEqualTo(Kept.HELD);
      if (row.then() == Then.SPOOLED_LATER) {
        assertThat(inside.store.flush().held()).containsExactly(outside.grant.name());
      }
      RefreshToken successor = outside.newest(outside.grant);
      Inside.copy(inside.folder(), afterKill);
      inside.disk.mend();
      assertThat(inside.store.flush().held()).as(toString()).isEmpty();
      assertThat(inside.hasNewest(outside.grant)).as(toString()).isTrue();
      outside.clock.advance(Duration.ofDays(8));
      goesOn(inside, 2);
      try (Inside after = Inside.start(outside, afterKill)) {
        if (row.then() != Then.IN_MEMORY) {
          assertThat(after.stored(outside.grant)).as(toString()).isEqualTo(successor);
        } else if (!after.stored(outside.grant).equals(successor)) {
          nothingIsPresentedTwice(after);
        }
      }
      return true;
    }

    /** Likewise, where the server refuses and leaves the token as it is. */
    boolean isRefusedAndRecordedLater() {
      List<Fault> fault = new ArrayList<>();
      outside.refuse(true);
      outside.whenAsked(() -> fault.add(begin()));
      assertThat(inside.rotate(outside.grant)).isInstanceOf(Outcome.Failed.class);
      outside.refuse(false);
      inside.disk.mend();
      inside.store.flush();
      outside.clock.advance(Duration.ofDays(8));
      assertThat(inside.record(outside.grant).unanswered()).as(toString()).isFalse();
      assertThat(inside.events(outside.grant)).as(toString()).contains("refused");
      assertThat(inside.rotate(outside.grant)).isInstanceOf(Outcome.Rotated.class);
      assertThat(inside.hasNewest(outside.grant)).as(toString()).isTrue();
      assertThat(inside.isLogProven()).as(toString()).isTrue();
      return fault.get(0).isHit();
    }

    /** All is well: at once, without a restart, and without a redemption too many. */
    private void goesOn(Inside healed, int requests) {
      for (Grant one : List.of(outside.grant, outside.neighbour)) {
        assertThat(healed.rotate(one)).as(toString()).isInstanceOf(Outcome.Rotated.class);
        assertThat(healed.hasNewest(one)).as(toString()).isTrue();
      }
      assertThat(outside.requests(outside.grant)).as(toString()).isEqualTo(requests);
      assertThat(outside.isReplayed(outside.grant)).as(toString()).isFalse();
      assertThat(healed.record(outside.grant).unanswered()).as(toString()).isFalse();
      assertThat(healed.store.held()).as(toString()).isEmpty();
      assertThat(healed.events(outside.grant))
          .as(toString())
          .hasSize(1 + requests)
          .startsWith("imported")
          .endsWith("rotated");
      assertThat(healed.isLogProven()).as(toString()).isTrue();
    }

    /**
     * What a kill leaves where the process alone knew more: a reusable token goes on, and of a
     * single-use one a person must decide, unless it is known not to have been presented.
     */
    private void nothingIsPresentedTwice(Inside after) {
      if (kind == RefreshTokens.REUSABLE) {
        assertThat(after.rotate(outside.grant)).isInstanceOf(Outcome.Rotated.class);
        assertThat(after.hasNewest(outside.grant)).isTrue();
      } else if (after.record(outside.grant).unanswered()) {
        int before = outside.requests(outside.grant);
        assertThat(after.rotate(outside.grant))
            .isInstanceOfSatisfying(
                Outcome.Failed.class,
                failed -> assertThat(failed.state()).isEqualTo(State.NEEDS_CONSENT));
        assertThat(outside.requests(outside.grant)).isEqualTo(before);
      } else {
        assertThat(row.when()).as(toString()).isEqualTo(When.BEFORE_THE_REDEMPTION);
      }
    }

    @Override
    public String toString() {
      return row + ", call " + nth + ", " + kind;
    }
  }
}
