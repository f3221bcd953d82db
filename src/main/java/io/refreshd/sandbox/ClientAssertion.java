package io.refreshd.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** A JWT that a client signed with its certificate (RFC 7523), RS256. */
final class ClientAssertion {

  private ClientAssertion() {}

  /** Refuses an assertion that the client's key did not sign, or whose time it is not. */
  static void verify(String assertion, SandboxClient client, Instant now) {
    String[] parts = assertion.split("\\.", -1);
    if (parts.length != 3 || !isSigned(parts, client)) {
      throw Refusals.badAssertion();
    }
    Instant from = time(parts[1], "nbf");
    Instant until = time(parts[1], "exp");
    if (now.isBefore(from) || !now.isBefore(until)) {
      throw Refusals.staleAssertion(now, from, until);
    }
  }

  private static boolean isSigned(String[] parts, SandboxClient client) {
    if (client.key() == null) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(client.key());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static Instant time(String payload, String claim) {
    try (JsonParser json =
        Json.FACTORY.createParser(
            ObjectReadContext.empty(), Base64.getUrlDecoder().decode(payload))) {
      json.nextToken();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        JsonToken value = json.nextToken();
        if (name.equals(claim) && value == JsonToken.VALUE_NUMBER_INT) {
          return Instant.ofEpochSecond(json.getLongValue());
        }
        json.skipChildren();
      }
    } catch (JacksonException | IllegalArgumentException e) {
      throw Refusals.badAssertion();
    }
    return Instant.EPOCH;
  }
}
