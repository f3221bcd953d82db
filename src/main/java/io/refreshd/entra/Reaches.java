package io.refreshd.entra;

import io.refreshd.rotation.Entry.Refusal;
import io.refreshd.rotation.Reach;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which grants an error answer speaks of. Only what is surely not about one grant reaches further:
 * it holds others that might be well.
 */
final class Reaches {

  /** The client's secret or certificate is wrong, expired, missing, or not wanted. */
  static final Set<String> CREDENTIAL =
      Set.of(
          "7000112", // the application is disabled
          "7000215", // wrong client secret
          "7000218", // no client secret or assertion
          "7000222", // client secret expired
          "700025", // the client is public: send none
          "700027", // the assertion's signature is not of a known certificate
          "AADB2C90079", // no client secret
          "AADB2C90081", // wrong client secret
          "AADB2C90084"); // the client is public: send none

  /**
   * The words for the same, of a server without numbers. Keycloak says {@code unauthorized_client}
   * of a wrong, a missing and a rotated secret.
   */
  private static final Set<String> OF_CLIENT = Set.of("invalid_client", "unauthorized_client");

  /** There is no such tenant, or no such application in it. */
  static final Set<String> APPLICATION =
      Set.of(
          "90002", // tenant not found
          "900023", // the tenant's id is neither a GUID nor a domain
          "700016", // application not found in the tenant
          "AADB2C90018", // application not registered in the tenant
          "AADB2C90068", // application not valid at this service
          "AADB2C90092", // application disabled for the tenant
          "AADB2C90285"); // application not found

  /**
   * Patience is asked for, but not of the whole client: the loop detection 50196 counts by client,
   * user, scopes and redirect (Microsoft identity platform, breaking changes); 50088 is about
   * telephone calls for a second factor.
   */
  static final Set<String> PATIENCE_OF_ONE = Set.of("50196", "50088");

  private Reaches() {}

  static Reach of(Refusal refusal) {
    return switch (refusal.kind()) {
      case CONFIGURATION -> ofConfiguration(refusal);
      case THROTTLED -> isIn(PATIENCE_OF_ONE, refusal.code()) ? Reach.GRANT : Reach.RATE;
      default -> Reach.GRANT;
    };
  }

  /** A server without numbers has only the words of RFC 6749 section 5.2. */
  private static Reach ofConfiguration(Refusal refusal) {
    boolean plain = refusal.code() == null && isIn(OF_CLIENT, refusal.error());
    if (plain || isIn(CREDENTIAL, refusal.code())) {
      return Reach.CREDENTIAL;
    }
    return isIn(APPLICATION, refusal.code()) ? Reach.APPLICATION : Reach.GRANT;
  }

  private static boolean isIn(Set<String> words, @Nullable String word) {
    return word != null && words.contains(word);
  }
}
