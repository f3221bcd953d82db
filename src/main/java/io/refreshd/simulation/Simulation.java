package io.refreshd.simulation;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.CronTimes;
import java.net.URI;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Plays a fleet through a scenario. The same fleet and scenario always give the same result.
 *
 * <p>Up to 10,000 grants are played as one daemon has them. More are split by client, for what a
 * client is told concerns its own grants only, and played side by side; the limit of redemptions in
 * flight then holds for each client by itself.
 */
public final class Simulation {

  private static final int AS_ONE = 10_000;

  private final CronTimes cron;
  private final Limits limits;
  private final @Nullable AlertRules rules;
  private final int asOne;

  /**
   * A simulation.
   *
   * @param rules by which people are told; {@code null} if nobody is
   */
  public Simulation(CronTimes cron, Limits limits, @Nullable AlertRules rules) {
    this(cron, limits, rules, AS_ONE);
  }

  /** A fleet of more grants than {@code asOne} is split. */
  Simulation(CronTimes cron, Limits limits, @Nullable AlertRules rules, int asOne) {
    this.cron = cron;
    this.limits = limits;
    this.rules = rules;
    this.asOne = asOne;
  }

  public SimulationResult play(List<Member> fleet, Scenario scenario) {
    Rates rates = new Rates(scenario.start(), scenario.length());
    List<Play.Ending> endings =
        split(fleet).parallelStream().map(part -> newPlay(scenario, rates).play(part)).toList();
    Rates.Summary redemptions = rates.summary();
    return new SimulationResult(
        scenario.start(),
        scenario.end(),
        inOrder(fleet, endings),
        redemptions.total(),
        redemptions.second(),
        redemptions.minute(),
        redemptions.hour(),
        endings.stream()
            .flatMap(ending -> ending.told().stream())
            .sorted(Comparator.comparing(Alert::at))
            .toList());
  }

  private Play newPlay(Scenario scenario, Rates rates) {
    return new Play(scenario, cron, limits, rules, rates, (entry, kept) -> {});
  }

  private List<List<Member>> split(List<Member> fleet) {
    Map<String, List<Member>> parts =
        fleet.size() <= asOne
            ? Map.of("", fleet)
            : fleet.stream()
                .collect(
                    Collectors.groupingBy(
                        member -> client(member.grant()), LinkedHashMap::new, Collectors.toList()));
    return List.copyOf(parts.values());
  }

  /** No circuit holds the grants of two clients. */
  private static String client(Grant grant) {
    TokenEndpoint endpoint = grant.endpoint();
    URI server =
        endpoint instanceof TokenEndpoint.V2 v2
            ? v2.authority()
            : endpoint instanceof TokenEndpoint.V1 v1 ? v1.authority() : endpoint.uri();
    return server + " " + grant.client().id();
  }

  private static List<Fate> inOrder(List<Member> fleet, Collection<Play.Ending> endings) {
    Map<GrantName, Fate> fates = new HashMap<>();
    endings.forEach(ending -> ending.fates().forEach(fate -> fates.put(fate.grant(), fate)));
    return fleet.stream().map(member -> fates.get(member.grant().name())).toList();
  }
}
