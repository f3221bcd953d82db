package io.refreshd.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/** Tokens that can be read as JWTs; nobody can verify them, as they are signed with noise. */
final class Jwt {

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SIGNATURE = 256;

  private Jwt() {}

  static String signed(Map<String, ?> claims) {
    byte[] noise = new byte[SIGNATURE];
    RANDOM.nextBytes(noise);
    return part(Map.of("typ", "JWT", "alg", "RS256", "kid", "sandbox"))
        + "."
        + part(claims)
        + "."
        + BASE64.encodeToString(noise);
  }

  /** As the id tokens of Entra's v1 endpoint are. */
  static String unsigned(Map<String, ?> claims) {
    return part(Map.of("typ", "JWT", "alg", "none")) + "." + part(claims) + ".";
  }

  /** An object in Base64. */
  static String part(Map<String, ?> properties) {
    return BASE64.encodeToString(Json.object(properties).getBytes(StandardCharsets.UTF_8));
  }
}
