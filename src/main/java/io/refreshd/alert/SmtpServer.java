package io.refreshd.alert;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where mail is handed in.
 *
 * @param host a name or an address; an IPv6 address without brackets
 */
public record SmtpServer(String host, int port, Encryption encryption) {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|(0{0,4}:){2,7}0{0,3}1");

  /** How the connection is encrypted. */
  public enum Encryption {
    /** From the first byte on; the server's certificate is checked. */
    IMPLICIT,
    /** By STARTTLS, or no mail is sent; the server's certificate is checked. */
    STARTTLS,
    /**
     * By STARTTLS if the server offers it, whatever its certificate: nobody listens in between on
     * the same machine, and a local relay mostly has a certificate that it made itself.
     */
    IF_OFFERED
  }

  /**
   * Reads {@code smtp://host:port} (STARTTLS; port 587 unless given) or {@code smtps://host:port}
   * (TLS from the first byte on; port 465 unless given).
   *
   * @throws IllegalArgumentException if it is neither; does not repeat the URL, which may hold a
   *     password
   */
  public static SmtpServer of(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    boolean implicit = scheme.equals("smtps");
    if (url.getHost() == null || !(implicit || scheme.equals("smtp"))) {
      throw new IllegalArgumentException("a mail server would be smtp://host:port or smtps://…");
    }
    String host = url.getHost().replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
    int port = url.getPort() >= 0 ? url.getPort() : implicit ? 465 : 587;
    return new SmtpServer(
        host,
        port,
        implicit
            ? Encryption.IMPLICIT
            : LOOPBACK.matcher(host).matches() ? Encryption.IF_OFFERED : Encryption.STARTTLS);
  }

  @Override
  public String toString() {
    String scheme = encryption == Encryption.IMPLICIT ? "smtps://" : "smtp://";
    return scheme + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
