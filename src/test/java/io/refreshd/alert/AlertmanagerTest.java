package io.refreshd.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.Alert.Concern;
import io.refreshd.rotation.Alerter.UndeliveredException;
import io.refreshd.rotation.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A real Alertmanager, where one is installed: what it makes of what we post. */
@Timeout(120)
class AlertmanagerTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private final Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);

  @TempDir static Path folder = Path.of("");
  private static @Nullable Process process;
  private static URI base = URI.create("http://127.0.0.1");

  @BeforeAll
  static void start() throws Exception {
    Path program = Path.of("/usr/bin/prometheus-alertmanager");
    Assumptions.assumeTrue(
        Files.isExecutable(program),
        "no Alertmanager here: apt-get install --no-install-recommends prometheus-alertmanager");
    Path config =
        Files.writeString(
            folder.resolve("alertmanager.yml"),
            "route: { receiver: nobody }\nreceivers: [ { name: nobody } ]\n");
    int port = freePort();
    base = URI.create("http://127.0.0.1:" + port);
    process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=" + config,
                "--storage.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    awaitReady();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void aRaisedAlertFiresForADayAndAnHour() throws Exception {
    deliver(alert("raised", Change.RAISED, Level.CRITICAL, now));

    JsonNode firing = firing("raised").get(0);
    assertThat(firing.get("labels").get("alertname").asString()).isEqualTo("RefreshdGrantInDanger");
    assertThat(firing.get("labels").get("severity").asString()).isEqualTo("critical");
    assertThat(firing.get("labels").get("subject").asString()).isEqualTo("germany/live");
    assertThat(firing.get("annotations").get("summary").asString()).isEqualTo("it is refused");
    assertThat(firing.get("annotations").get("next").asString()).isEqualTo("look into it");
    assertThat(instant(firing, "startsAt")).isEqualTo(now);
    assertThat(instant(firing, "endsAt")).isEqualTo(now.plus(Duration.ofHours(25)));
    assertThat(firing("raised")).hasSize(1);
  }

  @Test
  void aReminderLengthensTheSameAlert() throws Exception {
    deliver(alert("reminded", Change.RAISED, Level.CRITICAL, now.minus(Duration.ofDays(1))));
    deliver(alert("reminded", Change.REMINDED, Level.CRITICAL, now));

    assertThat(firing("reminded")).hasSize(1);
    JsonNode firing = firing("reminded").get(0);
    assertThat(instant(firing, "startsAt")).isEqualTo(now.minus(Duration.ofDays(1)));
    assertThat(instant(firing, "endsAt")).isEqualTo(now.plus(Duration.ofHours(25)));
  }

  @Test
  void aRecoveryEndsIt() throws Exception {
    deliver(alert("recovered", Change.RAISED, Level.CRITICAL, now.minus(Duration.ofHours(2))));
    assertThat(firing("recovered")).hasSize(1);

    deliver(alert("recovered", Change.RECOVERED, Level.OK, now));

    assertThat(firing("recovered")).isEmpty();
  }

  @Test
  void aRecoveryRightAfterTheAlertEndsItToo() throws Exception {
    deliver(alert("short", Change.RAISED, Level.WARNING, now.minusSeconds(5)));

    deliver(alert("short", Change.RECOVERED, Level.OK, now));

    assertThat(firing("short")).isEmpty();
  }

  @Test
  void aRecoveryEndsItThoughOurClockIsAhead() throws Exception {
    deliver(alert("ahead", Change.RAISED, Level.CRITICAL, now.minus(Duration.ofHours(1))));

    deliver(alert("ahead", Change.RECOVERED, Level.OK, now.plusSeconds(40)));

    assertThat(firing("ahead")).isEmpty();
  }

  @Test
  void aWorseLevelTakesThePlaceOfTheLesser() throws Exception {
    deliver(alert("worse", Change.RAISED, Level.WARNING, now.minus(Duration.ofHours(2))));
    deliver(alert("worse", Change.RAISED, Level.CRITICAL, now));

    assertThat(firing("worse"))
        .extracting(firing -> firing.get("labels").get("severity").asString())
        .containsExactly("critical");
  }

  @Test
  void whatCameBackFiresAgain() throws Exception {
    deliver(alert("again", Change.RAISED, Level.CRITICAL, now.minus(Duration.ofHours(2))));
    deliver(alert("again", Change.RECOVERED, Level.OK, now.minus(Duration.ofHours(1))));
    deliver(alert("again", Change.RAISED, Level.CRITICAL, now));

    assertThat(firing("again")).hasSize(1);
  }

  @Test
  void aTestFiresUnderItsOwnName() throws Exception {
    deliver(alert("test", Change.TEST, Level.OK, now));

    assertThat(firing("test"))
        .extracting(firing -> firing.get("labels").get("alertname").asString())
        .containsExactly("RefreshdTest");
  }

  private static Alert alert(String cause, Change change, Level level, Instant at) {
    Concern concern = new Concern("germany/live", "it is refused", "why", "look into it", null);
    return new Alert(cause, change, level, at, "it is refused", List.of(concern));
  }

  private static void deliver(Alert alert) throws UndeliveredException {
    try (WebhookChannel channel = new WebhookChannel("ops", base, Format.ALERTMANAGER, null)) {
      channel.deliver(alert);
    }
  }

  private static List<JsonNode> firing(String cause) throws Exception {
    JsonNode alerts = Golden.json(get("/api/v2/alerts?filter=cause=%22" + cause + "%22"));
    return StreamSupport.stream(alerts.spliterator(), false).toList();
  }

  private static Instant instant(JsonNode alert, String member) {
    return Instant.parse(alert.get(member).asString());
  }

  private static String get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).build();
    return HTTP.send(request, BodyHandlers.ofString()).body();
  }

  private static void awaitReady() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!isReady()) {
      assertThat(System.nanoTime()).as("Alertmanager is not ready: %s", log()).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private static boolean isReady() throws InterruptedException {
    try {
      return get("/-/ready").startsWith("OK");
    } catch (IOException e) {
      return false;
    }
  }

  private static String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
