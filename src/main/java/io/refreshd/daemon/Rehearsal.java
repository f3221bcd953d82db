package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.report.SimulationDocument;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.schedule.QuartzCron;
import io.refreshd.simulation.Limits;
import io.refreshd.simulation.Member;
import io.refreshd.simulation.Scenario;
import io.refreshd.simulation.Simulation;
import io.refreshd.simulation.SimulationResult;
import java.io.Writer;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A configuration, played against a virtual clock. */
public final class Rehearsal {

  private final Config config;
  private final List<Member> fleet;

  private Rehearsal(Config config, List<Member> fleet) {
    this.config = config;
    this.fleet = fleet;
  }

  /** Of a fleet that is enrolled today, whatever the store knows. */
  public static Rehearsal ofNewFleet(Config config) {
    return of(config, Map.of(), Circuits.NONE);
  }

  /** Of the fleet as the store knows it; a store that is missing knows nobody. */
  public static Rehearsal ofStoredFleet(Config config, Clock clock) {
    Map<GrantName, GrantRecord> records = new HashMap<>();
    try (Assembly assembly = Assembly.reading(config, clock)) {
      assembly.store().readRecords(record -> records.put(record.name(), record));
      return of(config, records, Circuits.of(assembly.store().circuits()));
    }
  }

  private static Rehearsal of(
      Config config, Map<GrantName, GrantRecord> records, Circuits circuits) {
    return new Rehearsal(
        config,
        config.grants().stream()
            .map((Grant grant) -> new Member(grant, records.get(grant.name()), circuits))
            .toList());
  }

  /** Plays it. */
  public SimulationResult play(Scenario scenario) {
    Limits limits = new Limits(config.concurrency(), config.tenantConcurrency());
    AlertRules rules = new AlertRules(config.alerts().ladder(), config.alerts().silence());
    return new Simulation(new QuartzCron(), limits, rules).play(fleet, scenario);
  }

  /** Writes the result as a JSON document: of a large fleet it is not kept in memory as a text. */
  public static void writeJson(Writer to, SimulationResult result) {
    SimulationDocument.write(to, result);
  }
}
