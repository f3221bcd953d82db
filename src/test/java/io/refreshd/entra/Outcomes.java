package io.refreshd.entra;

import io.refreshd.fuzz.Require;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Exchange;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What holds for every outcome of a redemption, whatever the server said. */
final class Outcomes {

  /** What was presented, and the client's secret. */
  static final String TOKEN = "1.AXoAsecret-token_of-the.keeper~0123456789";

  static final String SECRET = "pass word";

  private static final Duration LONGEST = Duration.ofDays(3653);
  private static final Pattern OPAQUE = Pattern.compile("[A-Za-z0-9_+=~%-]{40}");
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private Outcomes() {}

  static void check(Redemption redemption) {
    String all = redemption.toString();
    Require.that(!all.contains(TOKEN) && !all.contains(SECRET), "it tells a secret");
    check(redemption.exchange());
    if (redemption instanceof Redeemed redeemed) {
      check(redeemed);
    } else {
      check((Refused) redemption);
    }
  }

  private static void check(Redeemed redeemed) {
    Require.that(Require.isWhole(redeemed.successor().reveal()), "half a character in a token");
    Duration lifetime = redeemed.lifetime();
    Require.that(lifetime == null || isPositive(lifetime), "a lifetime of " + lifetime);
    if (redeemed.note() != null) {
      Require.line(redeemed.note(), 400);
    }
    Stream.of(redeemed.identity().tenantId(), redeemed.identity().subject())
        .filter(Objects::nonNull)
        .forEach(text -> Require.line(text, 210));
  }

  private static void check(Refused refused) {
    Require.line(refused.message(), 300);
    Require.that(!OPAQUE.matcher(refused.message()).find(), "it tells what looks like a secret");
    Duration wait = refused.retryAfter();
    Require.that(wait == null || wait.compareTo(Duration.ZERO) > 0, "a wait of " + wait);
    Duration limit = refused.told().limit();
    Require.that(limit == null || isPositive(limit), "a limit of " + limit);
    Require.that(!refused.answered() || refused.carried(), "answered and not carried");
    Entry.Refusal refusal = refused.refusal();
    words(refusal.error(), refusal.code(), refusal.suberror());
  }

  private static void check(Exchange exchange) {
    words(exchange.correlationId(), exchange.traceId());
  }

  private static void words(@Nullable String... words) {
    for (String word : words) {
      Require.that(word == null || WORD.matcher(word).matches(), "not a word");
      Require.that(word == null || !OPAQUE.matcher(word).find(), "a word like a secret");
    }
  }

  private static boolean isPositive(Duration duration) {
    return duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(LONGEST) <= 0;
  }
}
