package io.refreshd.daemon;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.AlertBook;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.CredentialStatus;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.OpenAlert;
import io.refreshd.rotation.SkewWatch;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.Topic;
import io.refreshd.rotation.WithCircuits;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The configured grants, as the store knows them. */
final class FleetSurvey implements Survey {

  private final Fleet fleet;
  private final TokenStore store;
  private final String machine;
  private final SkewWatch skew;

  /** Known once it was asked for, by the one thread that looks: mostly no clock is off. */
  private @Nullable Set<String> authorities;

  /**
   * A survey of one configuration.
   *
   * @param machine which one this is of several; empty if there is one only
   * @param skew what the servers' answers have shown of this machine's clock
   */
  FleetSurvey(Fleet fleet, TokenStore store, String machine, SkewWatch skew) {
    this.machine = machine;
    this.fleet = fleet;
    this.store = store;
    this.skew = skew;
  }

  /**
   * Nobody sees from here how the clock of another machine is; and how ours is, only by the answers
   * of the servers that we were off from. One that is no longer asked is no longer of interest.
   */
  @Override
  public AlertBook.Sight sight(OpenAlert told) {
    if (Topic.of(told.cause()) != Topic.CLOCK_SKEW) {
      return AlertBook.Sight.HERE;
    }
    if (!told.cause().equals(Topic.CLOCK_SKEW.cause(machine))) {
      return AlertBook.Sight.ELSEWHERE;
    }
    Set<String> asked = new HashSet<>(told.subjects());
    asked.retainAll(authorities());
    return skew.agreesWith(asked) ? AlertBook.Sight.HERE : AlertBook.Sight.NOT_YET;
  }

  @Override
  public void fill(AlertRules.Look look) {
    WithCircuits configured =
        new WithCircuits(
            store,
            (grant, record, circuits) ->
                look.add(grant, GrantStatus.of(grant, record, circuits, look.now())));
    store.readRecords(
        record -> {
          Grant grant = fleet.find(record.name());
          if (grant != null) {
            configured.add(grant, record);
          }
        });
    configured.end();
    CredentialStatus.of(fleet.grants(), store::circuitsOf, look.now()).forEach(look::add);
    skew.skews()
        .forEach(
            (authority, ahead) -> {
              if (authorities().contains(authority)) {
                look.addClockSkew(machine, authority, ahead);
              }
            });
  }

  private Set<String> authorities() {
    Set<String> known = authorities;
    if (known == null) {
      known = SkewWatch.authorities(fleet.grants());
      authorities = known;
    }
    return known;
  }
}
