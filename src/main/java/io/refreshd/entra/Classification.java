package io.refreshd.entra;

import io.refreshd.rotation.RefusalKind;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which kind of refusal an error answer is: by AADSTS number, then {@code suberror}, then {@code
 * error}, then HTTP status; but 429 is {@code throttled} whatever it says. {@code error} alone is
 * too coarse: {@code invalid_grant} covers expiry, malformed requests, loop throttling, consent and
 * disabled users. What nobody knows is {@code unknown}: kept, and retried slowly.
 */
final class Classification {

  /** Values as in msal4j's InteractionRequiredExceptionReason and MsalServiceExceptionFactory. */
  private static final Map<String, RefusalKind> BY_SUBERROR =
      Map.of(
          "basic_action", RefusalKind.INTERACTION_REQUIRED,
          "additional_action", RefusalKind.INTERACTION_REQUIRED,
          "message_only", RefusalKind.INTERACTION_REQUIRED,
          "consent_required", RefusalKind.INTERACTION_REQUIRED,
          "token_expired", RefusalKind.INTERACTION_REQUIRED,
          "protection_policy_required", RefusalKind.INTERACTION_REQUIRED,
          "device_authentication_failed", RefusalKind.INTERACTION_REQUIRED,
          "user_password_expired", RefusalKind.ACCOUNT,
          "bad_token", RefusalKind.DEAD,
          "client_mismatch", RefusalKind.CONFIGURATION);

  private static final String UNAUTHORIZED_CLIENT = "unauthorized_client";

  /** RFC 6749 sections 4.1.2.1 and 5.2, and Entra's additions; those that decide by themselves. */
  private static final Map<String, RefusalKind> BY_ERROR =
      Map.ofEntries(
          Map.entry("interaction_required", RefusalKind.INTERACTION_REQUIRED),
          Map.entry("login_required", RefusalKind.INTERACTION_REQUIRED),
          Map.entry("consent_required", RefusalKind.INTERACTION_REQUIRED),
          Map.entry("user_password_expired", RefusalKind.ACCOUNT),
          Map.entry("temporarily_unavailable", RefusalKind.TRANSIENT),
          Map.entry("server_error", RefusalKind.TRANSIENT),
          Map.entry("slow_down", RefusalKind.THROTTLED),
          Map.entry("invalid_client", RefusalKind.CONFIGURATION),
          Map.entry(UNAUTHORIZED_CLIENT, RefusalKind.CONFIGURATION),
          Map.entry("unsupported_grant_type", RefusalKind.CONFIGURATION),
          Map.entry("invalid_request", RefusalKind.CONFIGURATION),
          Map.entry("invalid_scope", RefusalKind.CONFIGURATION),
          Map.entry("invalid_resource", RefusalKind.CONFIGURATION),
          Map.entry("invalid_tenant", RefusalKind.CONFIGURATION),
          Map.entry("invalid_instance", RefusalKind.CONFIGURATION));

  private static final String INVALID_GRANT = "invalid_grant";

  private static final Pattern OF_TOKEN =
      Pattern.compile("refresh[_ ]?token", Pattern.CASE_INSENSITIVE);
  private static final Pattern OF_CLIENT =
      Pattern.compile("client|secret|grant|application", Pattern.CASE_INSENSITIVE);

  private Classification() {}

  /**
   * @param code the deciding number; {@code null} if the answer holds none
   */
  static RefusalKind of(int status, @Nullable String code, AnswerFields fields) {
    if (status == 429) {
      return RefusalKind.THROTTLED;
    }
    ErrorTable.Row row = code == null ? null : ErrorTable.find(code);
    if (row != null) {
      return row.kind();
    }
    boolean fails = status >= 500;
    // a number that nobody knows, of a server that fails, is most likely that of its failure
    if (code != null && fails) {
      return RefusalKind.TRANSIENT;
    }
    if (code == null && isOfToken(fields)) {
      return RefusalKind.DEAD;
    }
    RefusalKind kind = byWords(fields.value("suberror"), fields.value("error"));
    if (kind != null) {
      return kind;
    }
    // without a number it is a plain OAuth server, and RFC 6749 section 5.2 says what it means
    if (code == null && INVALID_GRANT.equals(fields.value("error"))) {
      return RefusalKind.DEAD;
    }
    return fails ? RefusalKind.TRANSIENT : RefusalKind.UNKNOWN;
  }

  /** Whether it is an {@code error} of OAuth, and not the words of whatever stands before it. */
  static boolean isKnown(@Nullable String error) {
    return error != null && (error.equals(INVALID_GRANT) || BY_ERROR.containsKey(error));
  }

  /** Some servers say {@code unauthorized_client} of a token that is no more, as Atlassian's. */
  private static boolean isOfToken(AnswerFields fields) {
    String description = fields.value("error_description");
    return UNAUTHORIZED_CLIENT.equals(fields.value("error"))
        && fields.value("suberror") == null
        && description != null
        && OF_TOKEN.matcher(description).find()
        && !OF_CLIENT.matcher(description).find();
  }

  private static @Nullable RefusalKind byWords(@Nullable String suberror, @Nullable String error) {
    RefusalKind kind = suberror == null ? null : BY_SUBERROR.get(suberror);
    return kind != null || error == null ? kind : BY_ERROR.get(error);
  }
}
