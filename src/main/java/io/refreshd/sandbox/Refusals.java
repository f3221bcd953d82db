package io.refreshd.sandbox;

import java.time.Duration;
import java.time.Instant;

/**
 * Entra's refusals, in its words as they were seen in public: the texts carry times that a keeper
 * can learn from, so their form matters.
 */
final class Refusals {

  /** The policy that a claims challenge names. */
  private static final String MFA_CLAIMS =
      "{\"access_token\":{\"polids\":{\"essential\":true,\"Values\":[\""
          + Guids.of("policy")
          + "\"]}}}";

  private Refusals() {}

  static Refusal wrongVerb(String verb) {
    return request(
        405, 900561, "The endpoint only accepts POST requests. Received a " + verb + " request.");
  }

  static Refusal malformed() {
    return request(400, 9002313, "Invalid request. Request is malformed or invalid.");
  }

  static Refusal missing(String parameter) {
    return request(
        400, 900144, "The request body must contain the following parameter: '" + parameter + "'.");
  }

  static Refusal resourceOnV2() {
    return request(400, 901002, "The 'resource' request parameter is not supported.");
  }

  static Refusal unsupportedGrantType(String type) {
    return new Refusal(
        400,
        "unsupported_grant_type",
        70003,
        "The app requested an unsupported grant type '" + type + "'.");
  }

  static Refusal unknownTenant(String tenant) {
    return request(
        400,
        90002,
        "Tenant '"
            + tenant
            + "' not found. Check to make sure you have the correct tenant ID and are signing into"
            + " the correct cloud. Check with your subscription administrator, this may happen if"
            + " there are no active subscriptions for the tenant.");
  }

  static Refusal unknownClient(String client, String tenant) {
    return new Refusal(
        400,
        "unauthorized_client",
        700016,
        "Application with identifier '"
            + client
            + "' was not found in the directory '"
            + tenant
            + "'. This can happen if the application has not been installed by the administrator"
            + " of the tenant or consented to by any user in the tenant. You may have sent your"
            + " authentication request to the wrong tenant.");
  }

  static Refusal clientIsPublic() {
    return client(
        700025,
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.");
  }

  static Refusal noCredential() {
    return client(
        7000218,
        "The request body must contain the following parameter: 'client_assertion' or"
            + " 'client_secret'.");
  }

  static Refusal wrongSecret(String client) {
    return client(
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client"
            + " secret value, not the client secret ID, for a secret added to app '"
            + client
            + "'.");
  }

  static Refusal expiredSecret(String client) {
    return client(
        7000222,
        "The provided client secret keys for app '"
            + client
            + "' are expired. Visit the Azure portal to create new keys for your app:"
            + " https://aka.ms/NewClientSecret, or consider using certificate credentials for added"
            + " security: https://aka.ms/certCreds.");
  }

  static Refusal badAssertion() {
    return client(
        700027,
        "Client assertion contains an invalid signature. [Reason - The key was not found.]");
  }

  static Refusal staleAssertion(Instant now, Instant from, Instant until) {
    return client(
        700024,
        "Client assertion is not within its valid time range. Current time: "
            + Times.precise(now)
            + ", assertion valid from "
            + Times.precise(from)
            + ", expiry time of assertion "
            + Times.precise(until)
            + ".");
  }

  static Refusal malformedToken() {
    return grant(9002313, "Invalid request. Request is malformed or invalid.");
  }

  static Refusal unknownToken() {
    return grant(
        70000,
        "The provided value for the input parameter 'refresh_token' or 'assertion' is not valid.");
  }

  static Refusal otherClient() {
    return grant(700007, "The grant was issued for a different client id.");
  }

  static Refusal otherTenant(String user, String home, String tenant, String client) {
    return grant(
        50020,
        "User account '"
            + user
            + "' from identity provider 'https://sts.windows.net/"
            + home
            + "/' does not exist in tenant '"
            + tenant
            + "' and cannot access the application '"
            + client
            + "' in that tenant. The account needs to be added as an external user in the tenant"
            + " first.");
  }

  /** With the no-break space that the real text has behind its first sentence. */
  static Refusal expired(Instant issuedAt, Duration lifetime) {
    return grant(
        700082,
        "The refresh token has expired due to inactivity.\u00a0The token was issued on "
            + Times.precise(issuedAt)
            + " and was inactive for "
            + Times.span(lifetime)
            + ".");
  }

  static Refusal disabled() {
    return grant(50057, "The user account is disabled.");
  }

  /** What it calls the issue of the grant is the sign-in: Microsoft's template says authTime. */
  static Refusal revoked(Instant signedInAt, Instant validFrom) {
    return grant(
        50173,
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The"
            + " user might have changed or reset their password. The grant was issued on '"
            + Times.precise(signedInAt)
            + "' and the TokensValidFrom date (before which tokens are not valid) for this user is"
            + " '"
            + Times.precise(validFrom)
            + "'.");
  }

  /** The one that counts from the sign-in, and says its limit in seconds. */
  static Refusal signInTooOld(Route.Kind kind, Instant signedInAt, Duration longest) {
    String text =
        "The refresh token has expired or is invalid due to sign-in frequency checks by conditional"
            + " access. The token was issued on "
            + Times.precise(signedInAt)
            + " and the maximum allowed lifetime for this request is "
            + longest.toSeconds()
            + ".";
    return kind == Route.Kind.V1
        ? new Refusal(400, "interaction_required", 70043, text)
        : new Refusal(400, "invalid_grant", 70043, text, "token_expired", null);
  }

  static Refusal mfaRequired(Route.Kind kind, String resource) {
    String text =
        "Due to a configuration change made by your administrator, or because you moved to a new"
            + " location, you must use multi-factor authentication to access '"
            + Guids.of(resource)
            + "'.";
    String error = kind == Route.Kind.V1 ? "interaction_required" : "invalid_grant";
    return new Refusal(400, error, 50076, text, "basic_action", MFA_CLAIMS);
  }

  static Refusal unavailable() {
    return new Refusal(
        503, "temporarily_unavailable", 90033, "A transient error has occurred. Please try again.");
  }

  /** Not one of Entra's: what single-use servers say (RFC 9700 section 4.14.2). */
  static Refusal spent() {
    return grant(
        70000,
        "The refresh token was used before; every token of its grant is revoked, a new consent is"
            + " needed.");
  }

  private static Refusal request(int status, int code, String text) {
    return new Refusal(status, "invalid_request", code, text);
  }

  private static Refusal client(int code, String text) {
    return new Refusal(401, "invalid_client", code, text);
  }

  private static Refusal grant(int code, String text) {
    return new Refusal(400, "invalid_grant", code, text);
  }
}
