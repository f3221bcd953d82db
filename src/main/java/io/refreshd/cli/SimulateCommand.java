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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    description = {
      "Plays the configuration against a virtual clock: who dies when and why, every alert, the"
          + " oldest token, the peak rate.",
      "",
      "Begins now, with the fleet as the store knows it. T is an instant (2027-01-01,"
          + " 2027-01-01T08:00:00Z) or a duration from the start (10d); D is a duration (36h)."
          + " Exit 0: nobody dies; 1: somebody does."
    })
final class SimulateCommand implements Callable<Integer> {

  private static final int LONGEST_DAYS = 3_650;

  private final Refreshd refreshd;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "400",
      description = "How many days (default: ${DEFAULT-VALUE}; 3650 at most).")
  private int days;

  @Option(
      names = "--fresh",
      description = "Take all grants as enrolled now; leave the store alone.")
  private boolean fresh;

  @Option(
      names = "--outage",
      paramLabel = "T+D",
      description =
          "From T on nobody reaches the endpoint for D. Like all that follow: repeatable.")
  private List<String> outages = new ArrayList<>();

  @Option(
      names = "--revoke",
      paramLabel = "SELECTOR@T",
      description = "At T an administrator revokes the sessions of these users.")
  private List<String> revocations = new ArrayList<>();

  @Option(
      names = "--secret-expires",
      paramLabel = "SELECTOR@T[+D]",
      description = "At T the secret of these grants expires; D later it was replaced.")
  private List<String> secretExpiries = new ArrayList<>();

  @Option(
      names = "--sign-in-frequency",
      paramLabel = "SELECTOR=D@T",
      description = "At T Conditional Access begins to ask these users to sign in every D.")
  private List<String> signInPolicies = new ArrayList<>();

  @Option(
      names = "--clock-jump",
      paramLabel = "T+D|T-D",
      description = "At T the daemon's clock jumps ahead, or back, by D.")
  private List<String> clockJumps = new ArrayList<>();

  @Option(
      names = "--restart",
      paramLabel = "T+D",
      description = "At T the daemon stops; D later it runs again.")
  private List<String> restarts = new ArrayList<>();

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  SimulateCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  @Override
  public Integer call() throws ConfigException {
    if (days < 1 || days > LONGEST_DAYS) {
      throw new UsageException(
          "--days: " + days + " is out of range", "1 to " + LONGEST_DAYS + " days");
    }
    Config config = refreshd.loadToLookOn();
    Instant start = refreshd.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    List<Incident> incidents = incidents(new IncidentArguments(config.grants(), start));
    Console console = refreshd.console();
    SimulationResult result =
        console.during(
            "playing " + Count.of(days, "day"),
            () -> rehearsal(config).play(new Scenario(start, Duration.ofDays(days), incidents)));
    if (json) {
      console.print(to -> Rehearsal.writeJson(to, result));
    } else {
      new SimulationText(console).lines(result).forEach(console::print);
    }
    return result.deaths().isEmpty() ? 0 : Refreshd.FAILED;
  }

  private Rehearsal rehearsal(Config config) {
    return fresh ? Rehearsal.ofNewFleet(config) : Rehearsal.ofStoredFleet(config, refreshd.clock());
  }

  private List<Incident> incidents(IncidentArguments arguments) {
    List<Incident> incidents = new ArrayList<>();
    outages.forEach(text -> incidents.add(arguments.outage(text)));
    revocations.forEach(text -> incidents.add(arguments.revocation(text)));
    secretExpiries.forEach(text -> incidents.add(arguments.secretExpiry(text)));
    signInPolicies.forEach(text -> incidents.add(arguments.signInPolicy(text)));
    clockJumps.forEach(text -> incidents.add(arguments.clockJump(text)));
    restarts.forEach(text -> incidents.add(arguments.restart(text)));
    return incidents;
  }
}
