package io.refreshd.fault.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.fault.network.FaultProxy.Harm;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.State;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One fault at one place, on one kind of server: an attempt that meets it, and what comes after the
 * fault is gone.
 *
 * @param secure whether by https
 * @param singleUse whether the server spends a token by its redemption
 */
record FaultCase(Harm harm, boolean secure, boolean singleUse) {

  /** How the attempt that met the fault must end. */
  enum End {
    ROTATED,
    UNREACHABLE,
    /** Either, by what the fault did to bytes that nobody checks. */
    EITHER
  }

  /**
   * What became of it.
   *
   * @param failure what must not be; {@code null} if all is as it must be
   */
  record Result(
      FaultCase of,
      boolean rotated,
      boolean consent,
      int requests,
      @Nullable AssertionError failure) {}

  private static final Set<Trigger> ALONE =
      Set.of(Trigger.SCHEDULE, Trigger.RETRY, Trigger.WATCHMAN);

  End end() {
    return switch (harm.fault()) {
      case NONE, DELAY, DUPLICATE -> End.ROTATED;
      case GARBAGE -> End.EITHER;
      case CUT, TRUNCATE, RESET, SILENCE, DRIP -> endOfTheConnection();
    };
  }

  /**
   * Where the presented token is spent, a successor that was read to its closing quote counts,
   * whatever is missing behind it; elsewhere the answer must be whole.
   */
  private End endOfTheConnection() {
    boolean ended = harm.fault() == Fault.CUT || harm.fault() == Fault.TRUNCATE;
    // a reset may overtake what was sent before it, and a deadline come before the token
    End taken = ended ? End.ROTATED : End.EITHER;
    return switch (harm.position()) {
      case AFTER_TOKEN, BEFORE_LAST_CHUNK -> singleUse ? taken : End.UNREACHABLE;
      case BEFORE_LAST_BYTE, IN_LAST_CHUNK -> singleUse ? taken : endOfTheLastByte();
      // where only the end of the connection ends the answer, that one must be a clean one
      case AFTER_ANSWER -> singleUse || harm.framing() != Framing.CLOSE ? taken : End.EITHER;
      default -> End.UNREACHABLE;
    };
  }

  /** The last byte of a chunked answer is a line break that nobody waits for. */
  private End endOfTheLastByte() {
    return harm.framing() == Framing.CHUNKED ? End.EITHER : End.UNREACHABLE;
  }

  /** A name that is good for a grant, too. */
  String name() {
    String words =
        String.join(
            "-",
            harm.fault().words(),
            harm.position().words(),
            harm.framing().name(),
            secure ? "https" : "http");
    return (singleUse ? "single-use/" : "reusable/")
        + words.replace(' ', '-').toLowerCase(Locale.ROOT);
  }

  Result run(FaultyWorld world) throws IOException {
    try (FaultProxy proxy =
        new FaultProxy(world.server(), secure ? world.tls() : null, harm, world.threads())) {
      Run run = new Run(world, proxy);
      try {
        return run.play();
      } catch (AssertionError e) {
        return new Result(this, false, false, proxy.requests(), e);
      }
    }
  }

  private final class Run {
    private final FaultyWorld world;
    private final FaultProxy proxy;
    private final Grant grant;
    private final RefreshToken first;
    private final MutableClock clock = new MutableClock();

    Run(FaultyWorld world, FaultProxy proxy) {
      this.world = world;
      this.proxy = proxy;
      this.grant = FaultyWorld.grant(name(), proxy.uri(), singleUse);
      this.first = world.bringIn(grant);
    }

    Result play() {
      Outcome met = rotate(Trigger.SCHEDULE, harm.fault().isEndless());
      int requests = proxy.requests();
      assertThat(requests).as("requests on the wire").isLessThanOrEqualTo(1);
      boolean rotated = met instanceof Outcome.Rotated;
      if (end() != End.EITHER) {
        assertThat(rotated).as("rotated: " + met).isEqualTo(end() == End.ROTATED);
      }
      if (rotated) {
        assertThatTheNewestIsStored();
      } else {
        assertThatNothingIsLost((Outcome.Failed) met);
      }
      proxy.turnTo(Harm.NONE);
      boolean consent = met instanceof Outcome.Failed f && f.state() == State.NEEDS_CONSENT;
      if (consent) {
        onlyAPersonGoesOn();
      } else {
        if (rotated && !singleUse) {
          theKeptConnectionCostsAtMostOneAttempt();
        }
        goesOnByItself();
      }
      return new Result(FaultCase.this, rotated, consent, requests, null);
    }

    private void assertThatNothingIsLost(Outcome.Failed failed) {
      Refused refused = failed.refused();
      assertThat(refused.answered()).isFalse();
      if (proxy.requests() > 0) {
        assertThat(refused.carried()).as("carried, for it arrived").isTrue();
      }
      boolean lost = singleUse && refused.carried();
      assertThat(refused.kind()).isEqualTo(lost ? RefusalKind.LOST_ANSWER : RefusalKind.TRANSIENT);
      assertThat(failed.state()).isEqualTo(lost ? State.NEEDS_CONSENT : State.RETRYING);
      assertThat(refused.message()).doesNotContainPattern("\\p{Cntrl}").isNotBlank();
      if (lost) {
        assertThat(refused.message()).contains("the answer of a single-use server was lost (");
      }
      assertThat(stored().current().token()).isEqualTo(first);
      assertThat(stored().current().number()).isEqualTo(1);
    }

    /** Nothing of refreshd's own presents the token again; a person's word does, and only once. */
    private void onlyAPersonGoesOn() {
      int before = proxy.requests();
      boolean spent = world.chain(grant).redemptions() > 0;
      clock.advance(Duration.ofDays(1));
      for (Trigger trigger : ALONE) {
        assertThat(rotate(trigger, false)).isInstanceOf(Outcome.Skipped.class);
      }
      assertThat(proxy.requests()).as("requests without a person").isEqualTo(before);

      Outcome outcome = rotate(Trigger.MANUAL, false);

      assertThat(proxy.requests()).as("requests by a person").isEqualTo(before + 1);
      if (spent) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(stored().current().token()).isEqualTo(first);
      } else {
        assertThat(outcome).isInstanceOf(Outcome.Rotated.class);
        assertThatTheNewestIsStored();
      }
    }

    /** The next attempt that is due brings the newest token, by one request. */
    private void goesOnByItself() {
      int before = proxy.requests();
      clock.advance(Duration.ofDays(10));

      assertThat(rotate(Trigger.RETRY, false)).isInstanceOf(Outcome.Rotated.class);

      assertThat(proxy.requests()).isEqualTo(before + 1);
      assertThatTheNewestIsStored();
    }

    /** It was closed, or is dead: what is sent on it is lost, and is not sent again by itself. */
    private void theKeptConnectionCostsAtMostOneAttempt() {
      int before = proxy.requests();
      clock.advance(Duration.ofDays(10));

      Outcome outcome = rotate(Trigger.RETRY, harm.fault().isEndless());

      assertThat(proxy.requests()).isLessThanOrEqualTo(before + 1);
      if (outcome instanceof Outcome.Failed failed) {
        assertThat(failed.refused().kind()).isEqualTo(RefusalKind.TRANSIENT);
        assertThat(harm.fault()).isIn(Fault.CUT, Fault.TRUNCATE, Fault.RESET, Fault.SILENCE);
      } else {
        assertThatTheNewestIsStored();
      }
    }

    private void assertThatTheNewestIsStored() {
      assertThat(stored().current().token().reveal()).isEqualTo(world.chain(grant).newest());
    }

    private StoredGrant stored() {
      return world.store().find(grant.name()).orElseThrow();
    }

    private Outcome rotate(Trigger trigger, boolean hasty) {
      return world.rotator(world.redeemer(hasty), clock).rotate(grant, trigger);
    }
  }
}
