package io.refreshd.sandbox;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which token endpoint a request went to.
 *
 * @param kind which dialect it speaks
 * @param tenant the directory's id; {@link Sandbox#PLAIN} where there is none
 */
record Route(Kind kind, String tenant) {

  /** The dialects. */
  enum Kind {
    /** Entra v1: {@code resource}, numbers as strings. */
    V1,
    /** Entra v2: {@code scope}. */
    V2,
    /** Any OAuth server (RFC 6749). */
    PLAIN
  }

  private static final Pattern V1_PATH = Pattern.compile("/([^/]+)/oauth2/token");
  private static final Pattern V2_PATH = Pattern.compile("/([^/]+)/oauth2/v2\\.0/token");
  private static final String PLAIN_PATH = "/oauth2/token";

  static Optional<Route> find(String path) {
    if (path.equals(PLAIN_PATH)) {
      return Optional.of(new Route(Kind.PLAIN, Sandbox.PLAIN));
    }
    return find(V2_PATH, Kind.V2, path).or(() -> find(V1_PATH, Kind.V1, path));
  }

  private static Optional<Route> find(Pattern pattern, Kind kind, String path) {
    Matcher matcher = pattern.matcher(path);
    return matcher.matches() ? Optional.of(new Route(kind, matcher.group(1))) : Optional.empty();
  }
}
