package io.refreshd.crash;

import static java.util.stream.Collectors.joining;

import io.refreshd.config.Config;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.schedule.QuartzCron;
import io.refreshd.store.HashChain;
import io.refreshd.store.OpenStore;
import io.refreshd.store.SqliteLocation;
import io.refreshd.store.TokenStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The grants of a daemon that is killed over and over, checked against their server each time. */
final class Fleet {

  static final int GRANTS = 8;

  /** So many grants may be between their lease and their commit when the kill comes. */
  private static final int IN_FLIGHT = 4;

  private final Clock clock = Clock.systemUTC();
  private final TokenServer server;
  private final Path file;
  private final Config config;
  private final SqliteLocation location;
  private final Map<GrantName, Seen> seen = new HashMap<>();

  /**
   * How a grant was found at the last look.
   *
   * @param generation current in the store
   * @param redemptions by the server's count
   * @param requests likewise
   * @param lost how many answers in a row were lost since the current generation came
   */
  private record Seen(int generation, int redemptions, int requests, int lost) {

    static final Seen NOTHING = new Seen(0, 0, 0, 0);
  }

  Fleet(Path folder, TokenServer server) throws Exception {
    this.server = server;
    this.file = folder.resolve("refreshd.yaml");
    Files.writeString(folder.resolve("secret"), TokenServer.SECRET);
    Files.writeString(file, yaml(server));
    this.config = Assembly.loader(Map.of(), folder, clock).load(file, References.RESOLVE);
    this.location = new SqliteLocation(config.store(), config.key());
    bringIn(config.grants());
  }

  private static String yaml(TokenServer server) {
    String grants =
        IntStream.rangeClosed(1, GRANTS)
            .mapToObj(number -> "{ name: g" + number + ", scopes: [offline_access] }")
            .collect(joining(", "));
    return """
        store: { url: 'jdbc:sqlite:refreshd.db' }
        concurrency: %d
        defaults: { rotate-every: 1s, lifetime: 60s }
        tenants:
          - { name: crash, client-id: %s, client-secret: 'file:secret', %s, grants: [%s] }
        """
        .formatted(IN_FLIGHT, TokenServer.CLIENT, server.yaml(), grants);
  }

  Path config() {
    return file;
  }

  SqliteLocation location() {
    return location;
  }

  /** A person consents to the grants, and the tokens are imported as the command does it. */
  private void bringIn(List<Grant> grants) throws Exception {
    try (OpenStore store = TokenStores.openToWrite(location, "consent", 1, clock);
        EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock)) {
      Rotator rotator =
          new Rotator(
              store, redeemer, new RotationPolicy(new QuartzCron()), (entry, kept) -> {}, clock);
      for (Grant grant : grants) {
        Import consent = new Import(server.consent(grant.name()), null, null, true, false);
        Outcome outcome = rotator.bringIn(grant, consent);
        while (outcome instanceof Outcome.Busy) {
          TimeUnit.MILLISECONDS.sleep(20); // the daemon has it in its hands
          outcome = rotator.bringIn(grant, consent);
        }
        if (!(outcome instanceof Outcome.Rotated rotated)) {
          throw new AssertionError("a new consent was not taken: " + outcome);
        }
        seen.put(grant.name(), new Seen(rotated.generation(), 1, 1, 0));
      }
    }
  }

  /**
   * Compares every grant with its server after a kill.
   *
   * @param named the grant that the kill happened to; {@code null} if nobody knows
   * @return the grants that need a consent, wherever it comes from
   */
  List<Grant> check(Step step, @Nullable GrantName named, Tally tally) throws Exception {
    List<Grant> ill = new ArrayList<>();
    int asked = 0;
    try (OpenStore store = TokenStores.openToRead(location, clock)) {
      for (Grant grant : config.grants()) {
        StoredGrant stored = store.find(grant.name()).orElse(null);
        if (stored == null) {
          tally.loss(grant.name() + " is not in the store");
          continue;
        }
        Look look = look(grant, stored);
        boolean isNamed = grant.name().equals(named);
        compare(look, isNamed ? step.lostAnswers() : 1, step, tally);
        if (look.needsConsent()) {
          ill.add(grant);
          asked++;
          tally.consent();
          if (isNamed && !step.mayNeedConsent()) {
            tally.loss(grant.name() + " needs a consent without reason");
          }
        } else if (!look.isAlive()) {
          ill.add(grant);
          tally.loss(grant.name() + " holds a token that is no more");
        }
      }
    }
    if (asked > IN_FLIGHT) {
      tally.loss(asked + " grants need a consent, and " + IN_FLIGHT + " were in flight");
    }
    return ill;
  }

  /** What the store and the server have of a grant, and what they had before. */
  private record Look(StoredGrant stored, TokenServer.Chain chain, Seen before) {

    int generations() {
      return stored.current().number() - before.generation();
    }

    int redemptions() {
      return chain.redemptions() - before.redemptions();
    }

    int presentations() {
      return chain.requests() - before.requests();
    }

    /** A life loses at its end, so what came before it counts if it brought nothing. */
    int lost() {
      int now = redemptions() - generations();
      return generations() > 0 ? now : before.lost() + now;
    }

    Seen seen() {
      return new Seen(stored.current().number(), chain.redemptions(), chain.requests(), lost());
    }

    boolean needsConsent() {
      GrantRecord record = stored.record();
      return record.unanswered() || record.standing().kind() == RefusalKind.LOST_ANSWER;
    }

    /** The newest or the previous; after more lost answers in a row the next redemption tells. */
    boolean isAlive() {
      String token = stored.current().token().reveal();
      boolean isIssued =
          switch (lost()) {
            case 0 -> token.equals(chain.newest());
            case 1 -> token.equals(chain.previous());
            default -> true;
          };
      return isIssued && stored.record().standing().kind() != RefusalKind.DEAD;
    }
  }

  private Look look(Grant grant, StoredGrant stored) throws Exception {
    Seen before = seen.getOrDefault(grant.name(), Seen.NOTHING);
    Look look = new Look(stored, server.chain(grant.name()), before);
    seen.put(grant.name(), look.seen());
    return look;
  }

  /**
   * Counts what was redeemed and what was stored since the last look.
   *
   * @param allowed how many answers may have been lost on the way
   */
  private void compare(Look look, int allowed, Step step, Tally tally) {
    GrantName name = look.stored.record().name();
    int generations = look.generations();
    int redemptions = look.redemptions();
    boolean isSingleUse = server.refreshTokens() == RefreshTokens.SINGLE_USE;
    if (generations < 0) {
      tally.loss(name + " went back by " + -generations + " generations");
    }
    if (redemptions - generations > allowed) {
      tally.twice(name + ": " + redemptions + " redemptions for " + generations + " generations");
    } else if (!isSingleUse) {
      tally.lostAnswer(redemptions - generations);
    }
    if (isSingleUse
        && step.setting != Step.Setting.REFUSING_SERVER
        && look.presentations() > redemptions) {
      tally.twice(name + ": a spent token was presented");
    }
  }

  /** New consents for those that need one. */
  void heal(List<Grant> ill) throws Exception {
    if (!ill.isEmpty()) {
      bringIn(ill);
    }
  }

  /** Whether every grant was redeemed since the last look. */
  boolean allRotated() throws Exception {
    for (Map.Entry<GrantName, Seen> grant : seen.entrySet()) {
      if (server.chain(grant.getKey()).redemptions() <= grant.getValue().redemptions()) {
        return false;
      }
    }
    return true;
  }

  /** Recomputes the log's chain of hashes; gives how many entries it has. */
  long verifyLog() {
    String[] hash = {HashChain.START};
    long[] seq = {0};
    try (OpenStore store = TokenStores.openToRead(location, clock)) {
      store.read(
          LogQuery.after(0),
          logged -> {
            hash[0] = HashChain.next(hash[0], logged.entry());
            if (!hash[0].equals(logged.hash()) || logged.seq() != ++seq[0]) {
              throw new AssertionError("the log's chain is broken at entry " + logged.seq());
            }
          });
    }
    return seq[0];
  }
}
