package io.refreshd.config;

import io.refreshd.config.Node.Scalar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for {@code jdbc:postgresql:}. */
final class PostgresUrl {

  private static final Pattern FORM =
      Pattern.compile("jdbc:postgresql://([^/?#@\\s]+)/([^/?#\\s]+)(?:\\?([^#\\s]*))?");
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
  private static final Set<String> CREDENTIALS = Set.of("user", "password", "sslpassword");

  /** Whoever asks for one of them by name gets TLS, or no connection. */
  private static final List<String> TLS = List.of("verify-full", "verify-ca", "require");

  private PostgresUrl() {}

  static StoreUrl.Postgres read(Scalar scalar) throws Mistake {
    Matcher form = FORM.matcher(scalar.text());
    if (!form.matches()) {
      throw new Mistake(
          scalar.place(),
          "is not a whole URL of PostgreSQL; would be jdbc:postgresql://HOST:PORT/DATABASE");
    }
    Map<String, String> parameters = parameters(form.group(3));
    if (parameters.keySet().stream().anyMatch(CREDENTIALS::contains)) {
      throw new Mistake(
          scalar.place(),
          "holds a user name or password; would be without (credentials go to username and"
              + " password)");
    }
    requireTls(scalar, form.group(1), parameters.getOrDefault("sslmode", ""));
    String schema = parameters.getOrDefault("currentSchema", "");
    String name = form.group(2) + (schema.isEmpty() ? "" : "-" + schema);
    return new StoreUrl.Postgres(scalar.text(), name.replaceAll("[^A-Za-z0-9._-]", "_"));
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String one : (query == null ? "" : query).split("&", -1)) {
      int equals = one.indexOf('=');
      parameters.put(
          equals < 0 ? one : one.substring(0, equals), equals < 0 ? "" : one.substring(equals + 1));
    }
    return parameters;
  }

  private static void requireTls(Scalar scalar, String hosts, String mode) throws Mistake {
    for (String host : hosts.split(",", -1)) {
      String name = PORT.matcher(host).replaceFirst("");
      if (!Urls.isLoopback(name) && !TLS.contains(mode)) {
        throw new Mistake(
            scalar.place(),
            "would speak to another machine without TLS for sure; would end in"
                + " ?sslmode=verify-full (or verify-ca, or require)");
      }
    }
  }
}
