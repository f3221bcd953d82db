package io.refreshd.daemon;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The configured grants, as the store knows them. */
final class FleetSurvey implements Survey, AlertBook.View {

  /** So many records are in memory at a time: a cause may have told of a million. */
  private static final int AT_ONCE = 1_000;

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

  @Override
  public AlertBook.View view() {
    return this;
  }

  @Override
  public AlertBook.Sight sight(OpenAlert told) {
    if (Topic.of(told.cause()) == Topic.CLOCK_SKEW) {
      return sightOfClock(told);
    }
    return unseen(told).isEmpty() ? AlertBook.Sight.HERE : AlertBook.Sight.ELSEWHERE;
  }

  /**
   * Nobody sees from here how the clock of another machine is; and how ours is, only by the answers
   * of the servers that we were off from. One that is no longer asked is no longer of interest.
   */
  private AlertBook.Sight sightOfClock(OpenAlert told) {
    if (!told.cause().equals(Topic.CLOCK_SKEW.cause(machine))) {
      return AlertBook.Sight.ELSEWHERE;
    }
    Set<String> asked = new HashSet<>(told.subjects());
    asked.retainAll(authorities());
    return skew.agreesWith(asked) ? AlertBook.Sight.HERE : AlertBook.Sight.NOT_YET;
  }

  /**
   * Another daemon may have a newer configuration, or an older one: what is not in this one is no
   * trouble that is over. What a person has removed from the store, too, is; and where there is one
   * daemon only, what that no longer knows.
   */
  @Override
  public Set<String> unseen(OpenAlert told) {
    Topic topic = Topic.of(told.cause());
    if (machine.isEmpty() || topic == Topic.CLOCK_SKEW) {
      return Set.of();
    }
    return topic.isAboutGrants() ? grantsElsewhere(told) : clientsElsewhere(told);
  }

  private Set<String> grantsElsewhere(OpenAlert told) {
    List<GrantName> unknown =
        told.subjects().stream()
            .map(GrantName::parse)
            .filter(name -> fleet.find(name) == null)
            .toList();
    Set<String> stored = new LinkedHashSet<>();
    for (int from = 0; from < unknown.size(); from += AT_ONCE) {
      List<GrantName> some = unknown.subList(from, Math.min(unknown.size(), from + AT_ONCE));
      store.records(some).forEach(record -> stored.add(record.name().toString()));
    }
    return stored;
  }

  private Set<String> clientsElsewhere(OpenAlert told) {
    Set<String> unknown = new LinkedHashSet<>(told.subjects());
    fleet.grants().forEach(grant -> unknown.remove(grant.client().id()));
    return unknown;
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
