package io.refreshd.fault.network;

import io.refreshd.fault.network.FaultCase.Result;
import io.refreshd.fault.network.FaultProxy.Harm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The network matrix: every fault at every place of an exchange, on servers of both kinds, by http
 * and https. At most one request is on the wire for an attempt; nothing is lost; and once the fault
 * is gone the grant goes on by itself, or says that a person must. {@code
 * -Drefreshd.network.whole=true} runs all of it, by default it leaves out what repeats itself. The
 * rows go to {@code target/network-matrix.md}.
 */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworkFaultTest {

  /** The cases mostly wait. */
  private static final int AT_ONCE = 48;

  private static final boolean WHOLE = Boolean.getBoolean("refreshd.network.whole");
  private static final Path ROWS = Path.of("target/network-matrix.md");

  private static final Set<Fault> OF_REQUESTS =
      EnumSet.of(Fault.CUT, Fault.TRUNCATE, Fault.RESET, Fault.SILENCE, Fault.DELAY);
  private static final Set<Fault> OF_ANSWERS = EnumSet.complementOf(EnumSet.of(Fault.NONE));

  private final ExecutorService cases = Executors.newFixedThreadPool(AT_ONCE);
  private final Map<FaultCase, Future<Result>> running = new LinkedHashMap<>();
  private final List<Result> results = new ArrayList<>();
  private FaultyWorld world;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    world = new FaultyWorld(folder, AT_ONCE);
    all().forEach(one -> running.put(one, cases.submit(() -> one.run(world))));
    cases.shutdown();
  }

  @AfterAll
  void stop() throws Exception {
    world.close();
    Files.createDirectories(ROWS.getParent());
    Files.writeString(ROWS, NetworkTable.of(results));
  }

  @TestFactory
  Stream<DynamicTest> nothingIsLostAndNothingIsSentTwice() {
    return running.entrySet().stream()
        .map(one -> DynamicTest.dynamicTest(one.getKey().name(), () -> await(one.getValue())));
  }

  private void await(Future<Result> running) throws Exception {
    Result result = running.get();
    results.add(result);
    if (result.failure() != null) {
      throw result.failure();
    }
  }

  private static List<FaultCase> all() {
    List<FaultCase> all = new ArrayList<>();
    for (boolean secure : List.of(false, true)) {
      for (boolean singleUse : List.of(false, true)) {
        harms()
            .filter(harm -> secure || harm.fault() != Fault.TRUNCATE)
            .filter(harm -> WHOLE || (secure ? isWorthTls(harm) : isWorthIt(harm)))
            .forEach(harm -> all.add(new FaultCase(harm, secure, singleUse)));
      }
    }
    return all;
  }

  /** Other framings make a difference where something ends. */
  private static boolean isWorthIt(Harm harm) {
    return harm.framing() == Framing.LENGTH
        || harm.position().isOfChunks()
        || harm.fault() == Fault.CUT;
  }

  /** TLS makes a difference in how it ends. */
  private static boolean isWorthTls(Harm harm) {
    return isWorthIt(harm)
        && Set.of(Fault.CUT, Fault.TRUNCATE, Fault.RESET, Fault.DUPLICATE).contains(harm.fault());
  }

  private static Stream<Harm> harms() {
    return Stream.of(Position.values())
        .flatMap(position -> framings(position).flatMap(framing -> harms(position, framing)));
  }

  private static Stream<Framing> framings(Position position) {
    if (position.isOfRequest()) {
      return Stream.of(Framing.LENGTH);
    }
    if (position.isOfChunks()) {
      return Stream.of(Framing.CHUNKED);
    }
    return position.isOfBody() ? Stream.of(Framing.values()) : Stream.of(Framing.LENGTH);
  }

  private static Stream<Harm> harms(Position position, Framing framing) {
    Set<Fault> faults = position.isOfRequest() ? OF_REQUESTS : OF_ANSWERS;
    boolean whole = position == Position.AFTER_ANSWER;
    return faults.stream()
        .filter(fault -> fault != Fault.DRIP || !whole)
        .filter(fault -> fault != Fault.DUPLICATE || whole)
        .map(fault -> new Harm(position, fault, framing));
  }
}
