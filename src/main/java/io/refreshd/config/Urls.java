package io.refreshd.config;

import io.refreshd.config.Node.Scalar;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads URLs of authorities and endpoints. Never repeats one: it may hold a password. */
final class Urls {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[(0{0,4}:){2,7}0{0,3}1]");

  private Urls() {}

  static URI read(Scalar scalar) throws Mistake {
    String wrong = wrong(scalar.text());
    if (wrong != null) {
      throw new Mistake(scalar.place(), wrong);
    }
    return URI.create(scalar.text());
  }

  private static @Nullable String wrong(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return "is not a URL; would be for example https://login.microsoftonline.com";
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      return "is not an https URL; would be for example https://login.microsoftonline.com";
    }
    if (uri.getRawUserInfo() != null || String.valueOf(uri.getRawAuthority()).indexOf('@') >= 0) {
      return "holds a user name or password; would be without (credentials go to client-secret)";
    }
    if (uri.getHost() == null || uri.getPort() > 65_535) {
      return "has no host, or one that cannot be; would be https://HOST/…";
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      return "has a query (?) or a fragment (#); would be without";
    }
    return scheme.equals("http") && !isLoopback(uri.getHost())
        ? "http would show tokens to the network; would be https (http goes to loopback only)"
        : null;
  }

  private static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
  }
}
