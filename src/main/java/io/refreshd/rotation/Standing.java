package io.refreshd.rotation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the attempts at a grant have gone since its last success.
 *
 * @param failures attempts failed in a row
 * @param verdicts how many of them, since one said otherwise, gave the verdict that only the same
 *     sort of person can mend it; that an administrator must, and it is not confirmed, is forgotten
 *     with a hiccup
 * @param failingSince the first of them; {@code null} if there is none
 * @param lastAttemptAt the last attempt, failed or not; {@code null} if there was none
 * @param lastOutcome its event; {@code null} if there was none
 * @param why the reason that stands: of the last failure, or of the confirmed verdict that a mere
 *     hiccup after it does not undo, or of the answer that was lost, which only a success undoes;
 *     {@code null} if all is well
 * @param message likewise; it also says how the last attempt ended, if that was otherwise
 */
public record Standing(
    int failures,
    int verdicts,
    @Nullable Instant failingSince,
    @Nullable Instant lastAttemptAt,
    @Nullable Event lastOutcome,
    Entry.@Nullable Refusal why,
    @Nullable String message) {

  /** Why a presentation has no outcome. */
  static final String LOST_IN_A_CRASH =
      "the process died while it redeemed at a single-use server: the token may be spent, and"
          + " presenting it again may revoke the grant. enrol anew, or try it once more with"
          + " `refreshd rotate`";

  /** Between the reason that stands and how the last attempt ended. */
  private static final String SINCE = "; the last attempt since: ";

  /** No attempt yet, or none that failed. */
  public static Standing good(@Nullable Instant lastAttemptAt, @Nullable Event lastOutcome) {
    return new Standing(0, 0, null, lastAttemptAt, lastOutcome, null, null);
  }

  /** The kind of the reason that stands; {@code null} if all is well. */
  public @Nullable RefusalKind kind() {
    return why == null ? null : why.kind();
  }

  /** When the last attempt was a redemption that brought a token; {@code null} if it was not. */
  @Nullable Instant rotatedAt() {
    return lastOutcome == Event.ROTATED ? lastAttemptAt : null;
  }

  /** Whether the reason that stands is one that only a person mends, and it was confirmed. */
  public boolean isConfirmed() {
    RefusalKind kind = kind();
    return kind != null
        && kind.verdict() != RefusalKind.Verdict.NONE
        && verdicts > kind.confirmations();
  }

  /** The same, its verdict taken as confirmed: something else proved it. */
  Standing confirmed() {
    RefusalKind kind = kind();
    int enough = kind == null ? verdicts : Math.max(verdicts, kind.confirmations() + 1);
    return new Standing(failures, enough, failingSince, lastAttemptAt, lastOutcome, why, message);
  }

  /** The same, with the reason that a presentation gives which has no outcome. */
  Standing unanswered() {
    Entry.Refusal lost = new Entry.Refusal(RefusalKind.LOST_ANSWER, null, null, null);
    return kind() == RefusalKind.LOST_ANSWER
        ? this
        : new Standing(
            failures, verdicts, failingSince, lastAttemptAt, lastOutcome, lost, LOST_IN_A_CRASH);
  }

  /**
   * Of which sort the verdicts are that were counted. After a hiccup they are those of a token that
   * may be dead: only these are counted on, for nothing may hide that.
   */
  private RefusalKind.Verdict counted() {
    RefusalKind kind = kind();
    return kind == null || kind.verdict() == RefusalKind.Verdict.NONE
        ? RefusalKind.Verdict.CONSENT
        : kind.verdict();
  }

  private int verdictsWith(RefusalKind.Verdict verdict) {
    boolean isCountedOn = counted() == RefusalKind.Verdict.CONSENT || isConfirmed();
    if (verdict == RefusalKind.Verdict.NONE) {
      return isCountedOn ? verdicts : 0;
    }
    return verdict == counted() ? verdicts + 1 : 1;
  }

  /** After one more failed attempt. */
  public Standing failed(Redemption.Refused refused, Instant at) {
    Event event = refused.answered() ? Event.REFUSED : Event.UNREACHABLE;
    Instant since = failingSince == null || failingSince.isAfter(at) ? at : failingSince;
    boolean hiccup = refused.kind().verdict() == RefusalKind.Verdict.NONE;
    int said = verdictsWith(refused.kind().verdict());
    boolean isLostAgain = refused.kind() == RefusalKind.LOST_ANSWER;
    boolean isLost = kind() == RefusalKind.LOST_ANSWER && !isLostAgain;
    return isLost || (hiccup && isConfirmed())
        ? new Standing(failures + 1, said, since, at, event, why, reasonAnd(refused))
        : new Standing(failures + 1, said, since, at, event, refused.refusal(), refused.message());
  }

  private String reasonAnd(Redemption.Refused last) {
    String stands = message == null ? "" : message;
    int end = stands.indexOf(SINCE);
    String reason = end < 0 ? stands : stands.substring(0, end);
    return reason + SINCE + last.kind().word() + ": " + last.message();
  }
}
