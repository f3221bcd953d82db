package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.sandbox.Trouble;
import io.refreshd.sandbox.Troubles;
import io.refreshd.testing.CuttingProxy;
import io.refreshd.testing.CuttingProxy.Cut;
import io.refreshd.testing.PostgresServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon is told to stop while its database hangs, for much longer than a stop may take. */
@Timeout(90)
class PostgresStopTest {

  @TempDir Path folder;

  /** After which the process is cut short. */
  private static final Duration LIMIT = Duration.ofSeconds(9);

  /** Nothing tells how far a reload has come. */
  private static boolean isReloadAtTheDatabase() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(one -> one.getKey().getName().equals("reload"))
        .flatMap(one -> Arrays.stream(one.getValue()))
        .anyMatch(frame -> frame.getClassName().endsWith(".RotationScheduler"));
  }

  private boolean isSpooled() throws Exception {
    try (DirectoryStream<Path> spools = Files.newDirectoryStream(folder, "*.spool-*")) {
      for (Path spool : spools) {
        if (Files.readString(spool, StandardCharsets.ISO_8859_1).contains("germany/live")) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void aStopWhileAReloadHangsInTheDatabaseSpoolsTheSuccessorInFlightInTime() throws Exception {
    String url = PostgresServer.newSchema().replace("user=postgres&", "") + "&socketTimeout=300";
    int port = URI.create(url.substring("jdbc:".length())).getPort();
    try (RunningDaemon running = new RunningDaemon(folder);
        CuttingProxy proxy = new CuttingProxy(port)) {
      String through = url.replace(":" + port + "/", ":" + proxy.port() + "/");
      running.write(
          "store: { url: '" + through + "', username: postgres, key: 'file:pg.key' }\n", "live");
      running.bringIn("live", false);
      running.troubles().begin(new Troubles.Everyone(), new Trouble.Slow(Duration.ofSeconds(2)));
      running.daemon.start();
      running.awaitRequest("live");
      proxy.cut(Cut.HANGING);
      running.daemon.requestReload();
      while (!isReloadAtTheDatabase()) {
        Thread.sleep(5);
      }

      long from = System.nanoTime();
      CompletableFuture<Void> stop = CompletableFuture.runAsync(running.daemon::close);
      while (!isSpooled()) {
        Thread.sleep(5);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(LIMIT);

      proxy.close(); // ends whatever hangs
      stop.join();
    }
  }

  @Test
  void aStopWhileTheServerIsAwayEndsInTime() throws Exception {
    String url = PostgresServer.newSchema().replace("user=postgres&", "");
    int port = URI.create(url.substring("jdbc:".length())).getPort();
    try (RunningDaemon running = new RunningDaemon(folder);
        CuttingProxy proxy = new CuttingProxy(port)) {
      String through = url.replace(":" + port + "/", ":" + proxy.port() + "/");
      running.write(
          "store: { url: '" + through + "', username: postgres, key: 'file:pg.key' }\n", "live");
      running.bringIn("live", false);
      running.daemon.start();
      proxy.cut(Cut.NOW);
      while (!isAnybodyWaitingForAConnection()) {
        Thread.sleep(5);
      }

      long from = System.nanoTime();
      running.daemon.close();
      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(LIMIT);
    }
  }

  private static boolean isAnybodyWaitingForAConnection() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(frame -> frame.getClassName().endsWith("HikariPool"));
  }
}
