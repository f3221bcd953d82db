package io.refreshd.config;

import io.refreshd.config.Node.Scalar;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads URLs. Never repeats one: it may hold a password. */
final class Urls {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[(0{0,4}:){2,7}0{0,3}1]");

  private static final String ENDPOINT = "https://login.microsoftonline.com";

  /** RFC 6409 section 3.1 (submission) and RFC 8314 section 7.3 (submissions). */
  private static final Map<String, Integer> MAIL_PORTS = Map.of("smtp", 587, "smtps", 465);

  private Urls() {}

  /** Of an authority or an endpoint. */
  static URI read(Scalar scalar) throws Mistake {
    URI uri = read(scalar.place(), scalar.text(), ENDPOINT, "client-secret", "tokens");
    if (uri.getRawQuery() != null) {
      throw new Mistake(scalar.place(), "has a query (?); would be without");
    }
    return uri;
  }

  /** Of Entra's sign-in service, which the directory and the endpoint are added to. */
  static URI readAuthority(Scalar scalar) throws Mistake {
    URI uri = read(scalar);
    if (isB2c(uri)) {
      throw new Mistake(
          scalar.place(),
          "is a host of Azure AD B2C, whose URLs name a policy too; would be token-endpoint:"
              + " https://HOST/TENANT/POLICY/oauth2/v2.0/token");
    }
    return uri;
  }

  /** Whether Azure AD B2C answers at a URL that was read here. */
  static boolean isB2c(URI uri) {
    return uri.getHost().endsWith(".b2clogin.com");
  }

  /** Of a webhook: its address may have a query, and both may be secret. */
  static URI readWebhook(Place place, String text) throws Mistake {
    return read(place, text, "https://example.org/hook", "token", "alerts");
  }

  private static URI read(
      Place place, String text, String example, String credentials, String shown) throws Mistake {
    URI uri = parse(place, text, "is not a URL; would be for example " + example);
    String scheme = scheme(uri);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new Mistake(place, "is not an https URL; would be for example " + example);
    }
    check(place, uri, "https://HOST/…", credentials);
    if (scheme.equals("http") && !isLoopback(uri.getHost())) {
      throw new Mistake(
          place,
          "http would show "
              + shown
              + " to the network; would be https (http goes to loopback only)");
    }
    return canonical(uri);
  }

  /** With scheme and host in lower case, for they are compared (RFC 3986 section 6.2.2.1). */
  private static URI canonical(URI uri) {
    String text = uri.toString();
    int end = text.indexOf("//") + 2 + uri.getRawAuthority().length();
    return URI.create(text.substring(0, end).toLowerCase(Locale.ROOT) + text.substring(end));
  }

  /** Of a mail server, {@code smtp://HOST:PORT} or {@code smtps://HOST:PORT}, with its port. */
  static URI readMailServer(Scalar scalar) throws Mistake {
    Place place = scalar.place();
    String would = "; would be smtp://HOST:587 or smtps://HOST:465";
    URI uri = parse(place, scalar.text(), "is not a URL" + would);
    Integer standard = MAIL_PORTS.get(scheme(uri));
    if (standard == null) {
      throw new Mistake(place, "is neither an smtp nor an smtps URL" + would);
    }
    check(place, uri, "smtp://HOST:587", "username and password");
    if (uri.getRawQuery() != null || !Set.of("", "/").contains(uri.getRawPath())) {
      throw new Mistake(place, "has a path (/) or a query (?)" + would);
    }
    int port = uri.getPort() < 0 ? standard : uri.getPort();
    return URI.create(scheme(uri) + "://" + uri.getHost() + ":" + port);
  }

  private static URI parse(Place place, String text, String wrong) throws Mistake {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new Mistake(place, wrong);
    }
  }

  private static void check(Place place, URI uri, String would, String credentials) throws Mistake {
    if (uri.getRawUserInfo() != null || String.valueOf(uri.getRawAuthority()).indexOf('@') >= 0) {
      throw new Mistake(
          place,
          "holds a user name or password; would be without (credentials go to "
              + credentials
              + ")");
    }
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw new Mistake(place, "has no host, or a port that cannot be; would be " + would);
    }
    if (uri.getRawFragment() != null) {
      throw new Mistake(place, "has a fragment (#); would be without");
    }
  }

  private static String scheme(URI uri) {
    return String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
  }

  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
  }
}
