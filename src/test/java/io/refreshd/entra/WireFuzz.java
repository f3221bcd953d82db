package io.refreshd.entra;

import io.refreshd.fuzz.Require;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/** Takes the bytes that a server sends for a request before it closes the connection. */
public final class WireFuzz {

  private static final WireLimits LIMITS =
      new WireLimits(
          Duration.ofSeconds(20), Duration.ofSeconds(40), 2048, 10, 256, Duration.ofSeconds(20));
  private static final AtomicReference<byte[]> SENT = new AtomicReference<>(new byte[0]);

  /** Opened by the first input: a class that is merely named listens nowhere. */
  private static final class Open {
    static final RawServer SERVER =
        new RawServer(
            connection -> {
              RawServer.readRequest(connection);
              connection.getOutputStream().write(SENT.get());
            });
    static final EntraTokenRedeemer REDEEMER =
        new EntraTokenRedeemer(new MutableClock(), LIMITS, null);
    static final Grant REUSABLE = Grants.named("germany/live").endpoint(SERVER.endpoint()).build();
    static final Grant SINGLE_USE =
        Grants.named("germany/live").endpoint(SERVER.endpoint()).singleUse().build();
  }

  /**
   * A status of 2xx, or of 1xx before it. Of whatever version: a successor is taken from who names
   * an odd one, too, for the token before it may be spent.
   */
  private static final Pattern SUCCESS = Pattern.compile("HTTP/\\d+(\\.\\d+)? +[12]");

  private WireFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    SENT.set(input);
    RefreshToken token = RefreshToken.of(Outcomes.TOKEN);
    Redemption kept = Open.REDEEMER.redeem(Open.REUSABLE, token);
    Outcomes.check(kept);
    Redemption fresh = Open.REDEEMER.redeem(Open.SINGLE_USE, token);
    Outcomes.check(fresh);
    check(fresh, new String(input, StandardCharsets.ISO_8859_1));
  }

  private static void check(Redemption redemption, String sent) {
    Require.that(
        !(redemption instanceof Redeemed) || SUCCESS.matcher(sent).lookingAt(),
        "a success out of nothing");
  }
}
