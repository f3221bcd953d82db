package io.refreshd.daemon;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.CredentialStatus;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** The configured grants, as the store knows them. */
final class FleetSurvey implements Survey {

  private final Fleet fleet;
  private final TokenStore store;
  private final String machine;
  private final Supplier<Map<String, Duration>> skews;

  /**
   * A survey of one configuration.
   *
   * @param skews how far the servers' clocks are ahead of ours, by authority
   */
  FleetSurvey(Fleet fleet, TokenStore store, Supplier<Map<String, Duration>> skews) {
    this(fleet, store, "", skews);
  }

  /**
   * The same for one of several machines.
   *
   * @param machine its name; empty if there is one only
   */
  FleetSurvey(
      Fleet fleet, TokenStore store, String machine, Supplier<Map<String, Duration>> skews) {
    this.machine = machine;
    this.fleet = fleet;
    this.store = store;
    this.skews = skews;
  }

  /** Nobody sees from here how the clock of another machine is. */
  @Override
  public boolean isElsewhere(String cause) {
    return Topic.of(cause) == Topic.CLOCK_SKEW && !cause.equals(Topic.CLOCK_SKEW.cause(machine));
  }

  @Override
  public void fill(AlertRules.Look look) {
    Circuits circuits = Circuits.of(store.circuits());
    store.readRecords(
        record -> {
          Grant grant = fleet.find(record.name());
          if (grant != null) {
            look.add(grant, GrantStatus.of(grant, record, circuits, look.now()));
          }
        });
    CredentialStatus.of(fleet.grants(), circuits, look.now()).forEach(look::add);
    skews.get().forEach((authority, ahead) -> look.addClockSkew(machine, authority, ahead));
  }
}
