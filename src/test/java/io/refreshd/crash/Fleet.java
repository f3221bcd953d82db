package io.refreshd.crash;

import static java.util.stream.Collectors.joining;

import io.refreshd.config.Config;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.LogProof;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.Trigger;
import io.refreshd.schedule.QuartzCron;
import io.refreshd.store.OpenStore;
import io.refreshd.store.SqliteLocation;
import io.refreshd.store.TokenStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The grants of a daemon that is killed over and over, checked against their server each time. */
final class Fleet {

  static final int GRANTS = 8;

  /** Longer than the busiest machine keeps a daemon from its first rotation, life after life. */
  static final Duration LIFETIME = Duration.ofMinutes(10);

  /** So many grants may be between their lease and their commit when the kill comes. */
  private static final int IN_FLIGHT = 4;

  private final Clock clock = Clock.systemUTC();
  private final TokenServer server;
  private final Path file;
  private final Config config;
  private final SqliteLocation location;
  private final Map<GrantName, Look.Seen> seen = new HashMap<>();

  Fleet(Path folder, TokenServer server) throws Exception {
    this.server = server;
    this.file = folder.resolve("refreshd.yaml");
    Files.writeString(folder.resolve("secret"), TokenServer.SECRET);
    Files.writeString(file, yaml(server));
    this.config = Assembly.loader(Map.of(), folder, clock).load(file, References.RESOLVE);
    this.location = new SqliteLocation(config.store().base(), config.key());
    mend(config.grants());
  }

  private static String yaml(TokenServer server) {
    String grants =
        IntStream.rangeClosed(1, GRANTS)
            .mapToObj(number -> "{ name: g" + number + ", scopes: [offline_access] }")
            .collect(joining(", "));
    return """
        store: { url: 'jdbc:sqlite:refreshd.db' }
        concurrency: %d
        defaults: { rotate-every: 1s, lifetime: %s }
        tenants:
          - { name: crash, client-id: %s, client-secret: 'file:secret', %s, grants: [%s] }
        """
        .formatted(IN_FLIGHT, LIFETIME, TokenServer.CLIENT, server.yaml(), grants);
  }

  Path config() {
    return file;
  }

  SqliteLocation location() {
    return location;
  }

  List<Grant> grants() {
    return config.grants();
  }

  /**
   * What people do after a look: they consent anew where that is needed, and rotate by hand what
   * was refused, so that the next kill need not wait for a retry.
   *
   * @param ill those that need a consent
   */
  void mend(List<Grant> ill) throws Exception {
    try (OpenStore store = TokenStores.openToWrite(location, "people", 1, clock);
        EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock)) {
      RotationPolicy policy = new RotationPolicy(new QuartzCron());
      Rotator rotator = new Rotator(store, redeemer, policy, (entry, kept) -> {}, clock);
      for (Grant grant : config.grants()) {
        if (ill.contains(grant)) {
          bringIn(rotator, grant);
        } else if (isRefused(store, grant)) {
          rotated(rotator.rotate(grant, Trigger.MANUAL));
        }
      }
    }
  }

  private static boolean isRefused(OpenStore store, Grant grant) {
    return store
        .findRecord(grant.name())
        .filter(record -> record.standing().failures() > 0)
        .isPresent();
  }

  /** A person consents, and the token is imported as the command does it. */
  private void bringIn(Rotator rotator, Grant grant) throws Exception {
    Import consent = new Import(server.consent(grant.name()), null, null, true, false);
    Outcome.Rotated rotated = rotated(rotator.bringIn(grant, consent));
    seen.put(grant.name(), new Look.Seen(rotated.generation(), 1, 1, 0));
  }

  private static Outcome.Rotated rotated(Outcome outcome) {
    if (outcome instanceof Outcome.Rotated rotated) {
      return rotated;
    }
    throw new AssertionError("it cannot be mended by hand: " + outcome);
  }

  /** Does what a restart does before its first rotation. */
  void recover() {
    try (OpenStore store = TokenStores.openToWrite(location, "recovery", 1, clock)) {
      store.endLeasesOf("run");
    }
  }

  /**
   * Compares every grant with its server after a kill, and the log with its hashes and its head.
   *
   * @param named the grant that the kill happened to; {@code null} if nobody knows
   * @return the grants that need a consent, wherever it comes from
   */
  List<Grant> check(Step step, @Nullable GrantName named, Tally tally) throws Exception {
    Unread.awaitNone(server.port());
    List<Grant> ill = new ArrayList<>();
    int asked = 0;
    try (OpenStore store = TokenStores.openToRead(location, clock)) {
      verifyLog(store, tally);
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

  private Look look(Grant grant, StoredGrant stored) throws Exception {
    Look.Seen before = seen.getOrDefault(grant.name(), Look.Seen.NOTHING);
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
    GrantName name = look.stored().record().name();
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

  /** Whether every grant was redeemed since the last look. */
  boolean allRotated() throws Exception {
    for (Map.Entry<GrantName, Look.Seen> grant : seen.entrySet()) {
      if (server.chain(grant.getKey()).redemptions() <= grant.getValue().redemptions()) {
        return false;
      }
    }
    return true;
  }

  private static void verifyLog(OpenStore store, Tally tally) {
    LogProof proof = store.verifyLog();
    if (!proof.isProven() || proof.unproven() != null || proof.head() == null) {
      tally.loss("the log does not prove itself: " + proof);
    }
  }
}
