package io.refreshd.rotation;

import io.refreshd.grant.Client.NoCredential;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a grant is not well and what a person is to do about it, more to the point than its kind
 * alone: by the AADSTS number, and by how the client proves itself. The meaning of the numbers is
 * Microsoft's (authentication and authorization error codes); the advice is ours.
 *
 * @param cause what is the matter
 * @param next what to do
 */
public record Advice(String cause, String next) {

  private static final String IMPORT = "refreshd import %s";

  private static final String SIGN_IN = "sign in anew and bring the token in: " + IMPORT;

  /** After a lost answer, and after a restore, which withholds tokens; the message says which. */
  static final String MAY_BE_SPENT = "its token may be spent, and is not presented by itself";

  private static final String RELOAD = "; then reload: systemctl reload refreshd";

  private static final String ADMIN_THEN_ROTATE = "; then try at once: refreshd rotate %s";

  private static final Map<String, Advice> BY_CODE =
      Map.ofEntries(
          // the client's credential
          row(
              "7000215",
              "the client secret is wrong; often it is the secret's id instead of its value",
              "put the value of a valid secret behind its reference" + RELOAD),
          row(
              "7000222",
              "the client secret has expired",
              "make a new secret in the app registration and put it behind its reference" + RELOAD),
          row(
              "7000218",
              "the application is registered as confidential, and no secret or certificate is sent",
              "configure client-secret or client-certificate" + RELOAD),
          row(
              "700025",
              "the application is registered as public, and a secret or certificate is sent",
              "remove client-secret or client-certificate from the configuration" + RELOAD),
          row(
              "700027",
              "the signature of the certificate is not accepted",
              "register the certificate with the application; if that was done a moment ago, wait"),
          row(
              "700024",
              "the assertion is outside its time: this machine's clock is wrong",
              "check the time service: timedatectl, chronyc tracking"),
          row(
              "7000112",
              "the application is disabled",
              "have the directory's administrator enable it" + ADMIN_THEN_ROTATE),
          // the application and its tenant
          row(
              "700016",
              "the application is not known in this tenant",
              "correct client-id or tenant-id, or have an administrator consent to the application"
                  + RELOAD),
          row(
              "90002",
              "the tenant does not exist, or lives in another cloud",
              "correct tenant-id or authority" + RELOAD),
          row(
              "900023",
              "the tenant id is neither a GUID nor a domain",
              "correct tenant-id" + RELOAD),
          row(
              "50194",
              "the application is of a single tenant, and the request goes to a common one",
              "set tenant-id to the directory's id" + RELOAD),
          row(
              "500011",
              "the resource is not known in this tenant",
              "correct scopes or resource, or have its API set up in the tenant" + RELOAD),
          row(
              "700007",
              "the token was given to another application",
              "correct client-id, or bring in a token of this application: refreshd import %s"),
          row(
              "9002313",
              "the request is malformed, which a truncated or wrongly pasted token causes",
              "bring the right token in: refreshd import %s"),
          // the two clocks
          row(
              "700082",
              "the token is older than it may become; it was not replaced in time",
              SIGN_IN),
          row("700081", "the token has reached its longest lifetime", SIGN_IN),
          row(
              "700084",
              "the token belongs to a single-page application: it lives 24 hours, and rotation"
                  + " cannot extend that",
              "register the redirect URI as web or native, then " + SIGN_IN),
          row(
              "70043",
              "a sign-in frequency policy (Conditional Access) has ended the sign-in; rotation"
                  + " cannot extend it",
              SIGN_IN + "; or have the account exempted from the policy"),
          row(
              "50078",
              "the second factor is older than the directory remembers it",
              SIGN_IN + "; and set remember-mfa to the days of that setting"),
          // policies
          row(
              "50076",
              "a second factor is asked for now: a policy changed, or this machine's address is new"
                  + " to it",
              SIGN_IN + " with the second factor"),
          row(
              "50079",
              "the person must register a second factor",
              "register it at https://aka.ms/mfasetup, then " + SIGN_IN),
          row(
              "53003",
              "Conditional Access blocks the request; a sign-in does not help",
              "ask the administrator which policy it was (place, application, device)"
                  + ADMIN_THEN_ROTATE),
          row(
              "53000",
              "Conditional Access asks for a compliant device, which a daemon is not",
              "have the application or the account exempted from the policy" + ADMIN_THEN_ROTATE),
          row(
              "53002",
              "Conditional Access asks for an approved client application, which a daemon is not",
              "have the application exempted from the policy" + ADMIN_THEN_ROTATE),
          row(
              "65001",
              "consent to this application and resource is missing, or was taken back",
              "give consent (or an administrator does), then " + SIGN_IN),
          row(
              "90094",
              "an administrator must consent",
              "have an administrator consent" + ADMIN_THEN_ROTATE),
          // the account
          row(
              "50057",
              "the account is disabled",
              "have the directory's administrator enable it" + ADMIN_THEN_ROTATE),
          row(
              "50053",
              "the account is locked; that may pass by itself",
              "have the directory's administrator unlock it" + ADMIN_THEN_ROTATE),
          row("50055", "the password has expired", "set a new password, then " + SIGN_IN),
          row("50144", "the on-premises password has expired", "set a new one, then " + SIGN_IN),
          row(
              "50034",
              "the account is not in this directory",
              "correct tenant-id, or use an account that is there; then " + SIGN_IN),
          row(
              "50020",
              "the account is not in this tenant, nor a guest of it",
              "correct tenant-id, or have the account invited" + ADMIN_THEN_ROTATE),
          row(
              "50105",
              "the application asks for assignment, and the account is not assigned",
              "have an administrator assign it" + ADMIN_THEN_ROTATE));

  private static Map.Entry<String, Advice> row(String code, String cause, String next) {
    return Map.entry(code, new Advice(cause, next));
  }

  /** What to do about a grant; {@code null} if it is well. */
  public static @Nullable Advice of(@Nullable Grant grant, GrantStatus status) {
    Advice advice = find(grant, status);
    return advice == null ? null : advice.about(status.grant());
  }

  private Advice about(GrantName grant) {
    return new Advice(cause, next.replace("%s", grant.toString()));
  }

  /**
   * What to do about a refusal that was confirmed.
   *
   * @param isOver whether a clock has run out besides
   */
  static Advice ofVerdict(Grant grant, Standing reason, RefusalKind kind, boolean isOver) {
    Advice byCode = byCode(grant, reason);
    Advice advice = byCode == null ? byKind(kind, null) : byCode;
    return (isOver ? advice.thenSignIn() : advice).about(grant.name());
  }

  /** Of a grant that is past its end: whatever is mended, only a sign-in makes it live again. */
  private Advice thenSignIn() {
    if (next.contains(IMPORT)) {
      return this;
    }
    String first =
        next.endsWith(ADMIN_THEN_ROTATE)
            ? next.substring(0, next.length() - ADMIN_THEN_ROTATE.length())
            : next;
    return new Advice(cause, first + "; then " + SIGN_IN);
  }

  private static @Nullable Advice find(@Nullable Grant grant, GrantStatus status) {
    GrantRecord record = status.record();
    if (record == null || status.state() == State.NEW) {
      return new Advice("it has no token yet", SIGN_IN);
    }
    if (status.state() == State.UNCONFIGURED || grant == null) {
      return new Advice(
          "its token is stored, but no configuration names it: nobody keeps it alive",
          "configure it again, or have it removed: refreshd forget %s");
    }
    Standing reason = status.reason();
    if (reason.kind() == RefusalKind.LOST_ANSWER) {
      return new Advice(
          MAY_BE_SPENT,
          SIGN_IN + "; or present it once more, which may revoke the grant: refreshd rotate %s");
    }
    RefusalKind kind = reason.kind();
    boolean isOver = status.state() == State.EXPIRED;
    if (kind == null || (isOver && kind.verdict() == RefusalKind.Verdict.NONE)) {
      return byClocks(status); // no patience and no search for a number brings it back
    }
    Advice byCode = byCode(grant, reason);
    Advice advice = byCode == null ? byKind(kind, byClocks(status)) : byCode;
    return isOver ? advice.thenSignIn() : advice;
  }

  private static @Nullable Advice byCode(Grant grant, Standing reason) {
    String code = reason.why() == null ? null : reason.why().code();
    if ("50173".equals(code)) {
      return revoked(grant);
    }
    return code == null ? null : BY_CODE.get(code);
  }

  /**
   * A new password revokes the tokens of public clients only (Microsoft: refresh tokens in the
   * identity platform, token revocation).
   */
  private static Advice revoked(Grant grant) {
    return grant.client().credential() instanceof NoCredential
        ? new Advice(
            "the grant was revoked, most likely by a change or reset of the password: the client"
                + " is a public one, whose tokens end with it",
            SIGN_IN + "; a confidential client's tokens survive that")
        : new Advice(
            "somebody revoked the sessions of this person, or reset the password in the Entra"
                + " admin center: a mere change of the password does not end a confidential"
                + " client's tokens",
            "ask the administrator who and why, then " + SIGN_IN);
  }

  private static Advice byKind(RefusalKind kind, @Nullable Advice clocks) {
    return switch (kind) {
      case DEAD -> new Advice("the server says that the token is no more", SIGN_IN);
      case INTERACTION_REQUIRED -> new Advice("the server wants a person to sign in", SIGN_IN);
      case ACCOUNT ->
          new Advice(
              "the server does not accept the account",
              "ask the directory's administrator" + ADMIN_THEN_ROTATE);
      case CONFIGURATION ->
          new Advice(
              "the server does not accept the client or the request",
              "correct the configuration or the app registration" + RELOAD);
      case THROTTLED ->
          new Advice("the server asks for patience", "nothing: it is tried again by itself");
      case TRANSIENT ->
          clocks == null
              ? new Advice(
                  "the endpoint does not answer as it should",
                  "nothing yet: it is tried again by itself; see the finding on its host")
              : clocks;
      case UNKNOWN ->
          new Advice(
              "the server answers with an error that refreshd does not know",
              "read the message, look the number up at https://login.microsoftonline.com/error");
      case LOST_ANSWER -> throw new IllegalArgumentException("seen to before");
    };
  }

  private static @Nullable Advice byClocks(GrantStatus status) {
    Clocks clocks = status.clocks();
    if (clocks == null || clocks.deadline() == null || status.isOfUnknownAge()) {
      return new Advice("nobody knows how old its token is", "rotate it once: refreshd rotate %s");
    }
    if (status.state() == State.EXPIRED) {
      return clocks.ruling() == Told.Which.SIGN_IN
          ? new Advice("the last sign-in is too old, as far as its limit is known", SIGN_IN)
          : new Advice("the token is older than it may become", SIGN_IN);
    }
    if (clocks.signInRule() != null && clocks.signedInAt() == null) {
      return new Advice(
          "sign-ins are limited, and nobody said when a person last signed in",
          "say it with the next import: refreshd import %s --signed-in-at T");
    }
    if (status.level() == Level.OK) {
      return null;
    }
    return clocks.ruling() == Told.Which.SIGN_IN
        ? new Advice("its sign-in runs out, and no rotation renews it", SIGN_IN)
        : new Advice(
            "less than half of its life is left: it was not rotated when it was due",
            "is the daemon running? rotate it by hand: refreshd rotate %s");
  }
}
