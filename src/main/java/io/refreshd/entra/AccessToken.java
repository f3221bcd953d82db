package io.refreshd.entra;

import io.refreshd.grant.Identity;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What an access token tells of itself, if it is a JWT: whose it is, and what for. Clients are not
 * meant to read it, so anything odd is simply unknown; the reading is total and checks no
 * signature.
 */
final class AccessToken {

  private static final int LONGEST_CLAIM = 200;
  private static final int MOST_VALUES = 8;
  private static final Set<String> CLAIMS = Set.of("tid", "oid", "sub", "aud");
  private final Map<String, String> claims = new HashMap<>();
  private final List<String> methods = new ArrayList<>();
  private final Scrubber scrubber;

  private AccessToken(Scrubber scrubber) {
    this.scrubber = scrubber;
  }

  /**
   * What the token says.
   *
   * @param scrubber knows what must not be repeated
   */
  static AccessToken read(@Nullable String token, Scrubber scrubber) {
    Body payload = token == null ? null : payload(token);
    AccessToken read = new AccessToken(scrubber);
    return payload != null && Json.read(payload.chars(), payload.length(), read::take)
        ? read
        : new AccessToken(scrubber);
  }

  /** Claims {@code tid} and {@code oid}, else {@code sub}. */
  Identity identity() {
    String oid = claims.get("oid");
    String sub = claims.get("sub");
    String subject = oid != null ? "oid:" + oid : sub != null ? "sub:" + sub : null;
    return new Identity(claims.get("tid"), subject);
  }

  /** {@code aud https://…, amr pwd,mfa}; {@code null} if there is neither. */
  @Nullable String note() {
    List<String> parts = new ArrayList<>();
    String aud = claims.get("aud");
    if (aud != null) {
      parts.add("aud " + aud);
    }
    if (!methods.isEmpty()) {
      parts.add("amr " + String.join(",", methods));
    }
    return parts.isEmpty() ? null : String.join(", ", parts);
  }

  private void take(String name, JsonParser value) {
    if (CLAIMS.contains(name)) {
      String claim = claim(value);
      if (claim != null) {
        claims.put(name, claim);
      }
    } else if (name.equals("amr") && value.currentToken() == JsonToken.START_ARRAY) {
      takeMethods(value);
    }
  }

  private void takeMethods(JsonParser value) {
    while (value.nextToken() != JsonToken.END_ARRAY) {
      String method = claim(value);
      if (method != null && method.length() <= 20 && methods.size() < MOST_VALUES) {
        methods.add(method);
      }
      value.skipChildren();
    }
  }

  private @Nullable String claim(JsonParser value) {
    String text = Json.string(value);
    String flat = text == null || text.length() > LONGEST_CLAIM ? "" : Text.flat(text);
    return flat.isEmpty() || scrubber.holdsSecret(flat) ? null : flat;
  }

  /** The middle one of three parts. */
  private static @Nullable Body payload(String token) {
    int first = token.indexOf('.');
    int last = token.lastIndexOf('.');
    if (first == last || token.indexOf('.', first + 1) != last) {
      return null;
    }
    try {
      byte[] payload = Base64.getUrlDecoder().decode(token.substring(first + 1, last));
      return Body.of(payload, payload.length);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
