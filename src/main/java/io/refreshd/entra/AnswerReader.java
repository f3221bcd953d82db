package io.refreshd.entra;

import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Entry.Refusal;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Told;
import java.time.Clock;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns what came back into an outcome. Total: no answer makes it throw. A new refresh token is
 * found by one pass over the top level of the JSON, and nothing else there can spoil it. From an
 * answer that breaks off behind it, it is taken where the token that was presented is spent with
 * it; elsewhere that one is presented again, and half an answer is not believed.
 */
final class AnswerReader {

  private static final Duration LONGEST_LIFETIME = Duration.ofDays(3650);
  private static final Pattern SECONDS = Pattern.compile("([0-9]{1,10})(?:\\.[0-9]{1,9})?");

  private final Clock clock;

  AnswerReader(Clock clock) {
    this.clock = clock;
  }

  Redemption read(Exchanged exchanged, Sent sent) {
    if (exchanged instanceof Exchanged.Answer answer) {
      return read(answer, sent);
    }
    Exchanged.NoAnswer none = (Exchanged.NoAnswer) exchanged;
    return new Refused(
        new Refusal(RefusalKind.TRANSIENT, null, null, null),
        Reach.GRANT,
        Told.NOTHING,
        false,
        none.carried(),
        Text.line(sent.scrubber().clean(none.why()), Wording.LONGEST),
        null,
        sent.exchange());
  }

  private Redemption read(Exchanged.Answer answer, Sent sent) {
    AnswerFields found = AnswerFields.read(answer.body());
    boolean good = answer.status() / 100 == 2;
    RefreshToken successor = found.successor();
    AnswerFields fields = answer.flaw() == null && found.isWhole() ? found : null;
    if (good && successor != null && (fields != null || sent.isLastChance())) {
      return redeemed(successor, found, answer, sent);
    }
    if (answer.status() == 429 || (fields != null && isServersError(answer, fields))) {
      return error(answer, fields == null ? AnswerFields.NONE : fields, sent);
    }
    if (good && fields != null && fields.isSuccessorUnusable()) {
      return unusable(answer, sent);
    }
    return good && fields != null
        ? refused(RefusalKind.CONFIGURATION, true, Wording.NO_REFRESH_TOKEN, answer, sent)
        : refused(RefusalKind.TRANSIENT, false, Wording.unusable(answer, fields), answer, sent);
  }

  /** Where the token that was presented is spent for it, this is as good as no answer. */
  private Refused unusable(Exchanged.Answer answer, Sent sent) {
    String message = Wording.UNUSABLE_REFRESH_TOKEN;
    return sent.isLastChance()
        ? refused(RefusalKind.TRANSIENT, false, message, answer, sent)
        : refused(RefusalKind.CONFIGURATION, true, message, answer, sent);
  }

  private static Redeemed redeemed(
      RefreshToken successor, AnswerFields fields, Exchanged.Answer answer, Sent sent) {
    AccessToken accessToken = AccessToken.read(fields.value("access_token"), sent.scrubber());
    return new Redeemed(
        successor,
        lifetime(fields),
        accessToken.identity(),
        accessToken.note(),
        sent.exchange(answer, fields));
  }

  private Refused error(Exchanged.Answer answer, AnswerFields fields, Sent sent) {
    String code = ErrorCodes.decisive(fields);
    Scrubber scrubber = sent.scrubber();
    Refusal refusal =
        new Refusal(
            Classification.of(answer.status(), code, fields),
            scrubber.word(fields.value("error")),
            code,
            scrubber.word(fields.value("suberror")));
    return new Refused(
        refusal,
        Reaches.of(refusal),
        ClockText.read(code, fields.value("error_description"), sent.at()),
        true,
        true,
        Wording.error(answer.status(), refusal, fields.value("error_description"), scrubber),
        RetryAfter.of(answer, clock),
        sent.exchange(answer, fields));
  }

  private Refused refused(
      RefusalKind kind, boolean answered, String message, Exchanged.Answer answer, Sent sent) {
    return new Refused(
        new Refusal(kind, null, null, null),
        Reach.GRANT,
        Told.NOTHING,
        answered,
        true,
        Text.line(sent.scrubber().clean(message), Wording.LONGEST),
        RetryAfter.of(answer, clock),
        sent.exchange(answer, null));
  }

  /**
   * Whether the error is the authorization server's own. With a 5xx a gateway may speak for a
   * server that has spent the token: that counts for the server's only in the words of OAuth.
   */
  private static boolean isServersError(Exchanged.Answer answer, AnswerFields fields) {
    return switch (answer.status() / 100) {
      case 3 -> false;
      case 1, 2, 4 -> fields.isError();
      default ->
          ErrorCodes.decisive(fields) != null || Classification.isKnown(fields.value("error"));
    };
  }

  private static @Nullable Duration lifetime(AnswerFields fields) {
    Duration said = lifetime(fields.value(AnswerFields.LIFETIME));
    return said == null ? lifetime(fields.value(AnswerFields.LIFETIME_OF_KEYCLOAK)) : said;
  }

  /**
   * Whole seconds; AD FS and B2C send them, some as a string, and some servers reckon in decimals.
   * Keycloak's 0 is a time it does not tell.
   */
  private static @Nullable Duration lifetime(@Nullable String seconds) {
    Matcher number = SECONDS.matcher(seconds == null ? "" : seconds.strip());
    if (!number.matches()) {
      return null;
    }
    Duration lifetime = Duration.ofSeconds(Long.parseLong(number.group(1)));
    return lifetime.isZero() || lifetime.compareTo(LONGEST_LIFETIME) > 0 ? null : lifetime;
  }
}
