package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Import;
import io.refreshd.sandbox.Trouble;
import io.refreshd.sandbox.Troubles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Two months of a partner with 12 markets, live and sandbox, in a minute: a day takes a second. All
 * of it is the real thing, the endpoint aside: configuration, store, schedule, redemptions.
 */
public final class Demo {

  /** What a day takes. */
  public static final Duration DAY = Duration.ofSeconds(1);

  private static final int MARKETS = 12;

  /** How many days it plays. */
  public static final int DAYS = 60;

  private static final Duration TICK = Duration.ofMillis(250);
  private static final Troubles.Scope FRANCE = new Troubles.OfUser("france/live");
  private static final Troubles.Scope EVERYONE = new Troubles.Everyone();

  private static final List<Scene> SCENES =
      List.of(
          new Scene(
              15,
              "an administrator disables the user of france/live",
              troubles -> troubles.begin(FRANCE, new Trouble.UserDisabled())),
          new Scene(
              30, "the user of france/live is enabled again", troubles -> troubles.end(FRANCE)),
          new Scene(
              40,
              "the token endpoint is down",
              troubles -> troubles.begin(EVERYONE, new Trouble.Outage())),
          new Scene(45, "the token endpoint is back", troubles -> troubles.end(EVERYONE)));

  private final Clock clock;
  private final View view;
  private final AtomicInteger rotations = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();

  public Demo(Clock clock, View view) {
    this.clock = clock;
    this.view = view;
  }

  /** Who shows the demo to people. */
  public interface View {

    /** Something happens in the world of the sandbox. */
    void scene(int day, String text);

    /** Something happened to a grant; called by several threads. */
    void entry(int day, Entry entry);

    /** How things stand; called four times a day. */
    void frame(int day, List<GrantStatus> grants);
  }

  /**
   * How it went.
   *
   * @param lost how many grants expired or were lost: 0
   */
  public record Summary(int days, int grants, int rotations, int failures, long lost) {}

  private record Scene(int day, String text, Consumer<Troubles> change) {}

  /**
   * Plays it, in a folder of its own that is deleted in the end.
   *
   * @throws IOException if the folder cannot be made
   */
  public Summary play() throws IOException, ConfigException, InterruptedException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (DemoFolder folder = DemoFolder.make(temporary, clock)) {
      return play(folder.path().resolve("grants"));
    }
  }

  private Summary play(Path folder) throws IOException, ConfigException, InterruptedException {
    try (SandboxRun run =
        SandboxRun.start(0, folder, MARKETS, DAY.multipliedBy(7), DAY.multipliedBy(90), clock)) {
      Config config =
          Assembly.loader(Map.of(), folder, clock).load(run.config(), References.RESOLVE);
      bringIn(config, run);
      view.scene(
          0, config.grants().size() + " grants are imported: each token is redeemed at once");
      Instant start = clock.instant();
      try (Daemon daemon =
              Daemon.create(
                  () -> config,
                  clock,
                  (entry, kept) -> told(day(start), entry),
                  new ServiceNotices(Optional.empty(), Optional.empty(), System::nanoTime));
          Assembly looking = Assembly.reading(config, clock)) {
        daemon.start();
        return watch(start, run.sandbox().troubles(), looking);
      }
    }
  }

  private Summary watch(Instant start, Troubles troubles, Assembly looking)
      throws InterruptedException {
    int played = 0;
    for (int day = 0; day < DAYS; day = day(start)) {
      while (played < SCENES.size() && SCENES.get(played).day() <= day) {
        Scene scene = SCENES.get(played++);
        scene.change().accept(troubles);
        view.scene(day, scene.text());
      }
      view.frame(day, looking.status(clock.instant()));
      Thread.sleep(TICK.toMillis());
    }
    List<GrantStatus> end = looking.status(clock.instant());
    view.frame(DAYS, end);
    long lost =
        end.stream()
            .filter(
                status ->
                    switch (status.state()) {
                      case NEW, EXPIRED, NEEDS_CONSENT, BLOCKED, UNCONFIGURED -> true;
                      case HEALTHY, RETRYING -> false;
                    })
            .count();
    return new Summary(DAYS, end.size(), rotations.get(), refusals.get(), lost);
  }

  private void told(int day, Entry entry) {
    switch (entry.event()) {
      case ROTATED -> rotations.incrementAndGet();
      case REFUSED, UNREACHABLE -> refusals.incrementAndGet();
      default -> {}
    }
    view.entry(day, entry);
  }

  private void bringIn(Config config, SandboxRun run) throws IOException, InterruptedException {
    try (Assembly assembly = Assembly.writing(config, clock)) {
      for (Grant grant : config.grants()) {
        String token = Files.readString(run.token(grant.name()), StandardCharsets.UTF_8);
        var unused =
            assembly.bringIn(
                grant, new Import(RefreshToken.of(token), null, clock.instant(), true, false));
      }
    }
  }

  private int day(Instant start) {
    return (int) Duration.between(start, clock.instant()).dividedBy(DAY);
  }
}
