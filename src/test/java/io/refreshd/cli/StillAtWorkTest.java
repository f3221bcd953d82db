package io.refreshd.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StillAtWorkTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final StillAtWork line =
      new StillAtWork(new PrintStream(err, true, StandardCharsets.UTF_8), nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private String said() {
    String text = err.toString(StandardCharsets.UTF_8);
    err.reset();
    return text;
  }

  @Test
  void whatIsQuickIsNotTalkedAbout() {
    line.begin("reading the configuration");
    pass(Duration.ofMillis(1_900));
    line.draw();
    line.end();

    assertEquals("", said());
  }

  @Test
  void whatTakesLongIsNamedWithHowFarItIsAndWipedAtItsEnd() {
    line.begin("copying");
    line.tell("2,000 rows");
    pass(Duration.ofSeconds(100));
    line.draw();
    assertEquals("\rcopying, 2,000 rows: 1m 40s", said());

    line.end();
    assertEquals("\r" + " ".repeat("copying, 2,000 rows: 1m 40s".length()) + "\r", said());

    pass(Duration.ofSeconds(100));
    line.draw();
    assertEquals("", said());
  }

  @Test
  void aShorterLineLeavesNothingOfALongerOne() {
    line.begin("copying");
    pass(Duration.ofSeconds(59));
    line.tell("2,000 rows");
    line.draw();
    line.tell("9 rows");
    pass(Duration.ofSeconds(1));
    said();
    line.draw();

    assertEquals("\rcopying, 9 rows: 1m 0s", said().stripTrailing());
  }

  @Test
  void aNewStageCountsItsOwnTime() {
    line.begin("reading");
    pass(Duration.ofSeconds(5));
    line.draw();
    said();
    line.begin("copying");
    line.draw();

    assertEquals("\r" + " ".repeat("reading: 5.0s".length()) + "\r", said());
  }

  @Test
  void somethingElseIsPrintedOnALineOfItsOwn() {
    line.begin("copying");
    pass(Duration.ofSeconds(5));
    line.draw();
    said();
    line.wipe();
    assertEquals("\r" + " ".repeat("copying: 5.0s".length()) + "\r", said());

    line.draw();
    assertEquals("\rcopying: 5.0s", said());
  }

  @Test
  void whereNobodySitsNothingIsDrawn() {
    PrintStream both = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console console =
        new Console(both, both, new ByteArrayInputStream(new byte[0]), false, Map.of());

    assertEquals(7, console.<Integer, RuntimeException>during("copying", () -> 7));
    console.tellSoFar("2,000 rows");
    assertEquals("", said());
  }
}
