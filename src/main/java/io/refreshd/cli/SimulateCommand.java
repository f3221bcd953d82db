package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.daemon.Rehearsal;
import io.refreshd.simulation.Incident;
import io.refreshd.simulation.Scenario;
import io.refreshd.simulation.SimulationResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

final class SimulateCommand implements Callable<Integer> {

  private static final int LONGEST_DAYS = 3_650;

  private static final String PURPOSE =
      "Plays the configuration against a virtual clock: who dies when and why, every alert, the"
          + " oldest token, the peak rate.";

  private static final String TIMES =
      "Begins now, with the fleet as the store knows it. T is an instant (2027-01-01,"
          + " 2027-01-01T08:00:00Z) or a duration from the start (10d); D is a duration (36h)."
          + " Exit 0: nobody dies; 1: somebody does.";

  private final Refreshd refreshd;

  private final Argument<Integer> days =
      Argument.option(
          "--days",
          "N",
          Integer.class,
          400,
          "How many days (default: ${DEFAULT-VALUE}; 3650 at most).");

  private final Flag fresh =
      new Flag("--fresh", "Take all grants as enrolled now; leave the store alone.");

  private final Argument<List<String>> outages =
      Argument.repeatable(
          "--outage",
          "T+D",
          "From T on nobody reaches the endpoint for D. Like all that follow: repeatable.");

  private final Argument<List<String>> revocations =
      Argument.repeatable(
          "--revoke", "SELECTOR@T", "At T an administrator revokes the sessions of these users.");

  private final Argument<List<String>> secretExpiries =
      Argument.repeatable(
          "--secret-expires",
          "SELECTOR@T[+D]",
          "At T the secret of these grants expires; D later it was replaced.");

  private final Argument<List<String>> signInPolicies =
      Argument.repeatable(
          "--sign-in-frequency",
          "SELECTOR=D@T",
          "At T Conditional Access begins to ask these users to sign in every D.");

  private final Argument<List<String>> clockJumps =
      Argument.repeatable(
          "--clock-jump", "T+D|T-D", "At T the daemon's clock jumps ahead, or back, by D.");

  private final Argument<List<String>> restarts =
      Argument.repeatable("--restart", "T+D", "At T the daemon stops; D later it runs again.");

  private final Flag json = new Flag("--json", "Print one JSON document.");

  SimulateCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    CommandSpec spec =
        Syntax.of(
            this,
            PURPOSE,
            days,
            fresh,
            outages,
            revocations,
            secretExpiries,
            signInPolicies,
            clockJumps,
            restarts,
            json);
    spec.usageMessage().description(PURPOSE, "", TIMES);
    return spec;
  }

  @Override
  public Integer call() throws ConfigException {
    if (days.get() < 1 || days.get() > LONGEST_DAYS) {
      throw new UsageException(
          "--days: " + days.get() + " is out of range", "1 to " + LONGEST_DAYS + " days");
    }
    Config config = refreshd.loadToLookOn();
    Instant start = refreshd.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    List<Incident> incidents = incidents(new IncidentArguments(config.grants(), start));
    Console console = refreshd.console();
    SimulationResult result =
        console.during(
            "playing " + Count.of(days.get(), "day"),
            () ->
                rehearsal(config)
                    .play(new Scenario(start, Duration.ofDays(days.get()), incidents)));
    if (json.isGiven()) {
      console.print(to -> Rehearsal.writeJson(to, result));
    } else {
      new SimulationText(console).lines(result).forEach(console::print);
    }
    return result.deaths().isEmpty() ? 0 : Refreshd.FAILED;
  }

  private Rehearsal rehearsal(Config config) {
    return fresh.isGiven()
        ? Rehearsal.ofNewFleet(config)
        : Rehearsal.ofStoredFleet(config, refreshd.clock());
  }

  private List<Incident> incidents(IncidentArguments arguments) {
    List<Incident> incidents = new ArrayList<>();
    outages.get().forEach(text -> incidents.add(arguments.outage(text)));
    revocations.get().forEach(text -> incidents.add(arguments.revocation(text)));
    secretExpiries.get().forEach(text -> incidents.add(arguments.secretExpiry(text)));
    signInPolicies.get().forEach(text -> incidents.add(arguments.signInPolicy(text)));
    clockJumps.get().forEach(text -> incidents.add(arguments.clockJump(text)));
    restarts.get().forEach(text -> incidents.add(arguments.restart(text)));
    return incidents;
  }
}
