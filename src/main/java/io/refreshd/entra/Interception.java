package io.refreshd.entra;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.PKIXParameters;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody opens TLS on the way, as firewalls of companies do: they show certificates of
 * their own making. No more than a suspicion, because a server of one's own may hang on an issuer
 * of one's own.
 */
final class Interception {

  /** Microsoft's sign-in hosts (Microsoft Entra, authentication in national clouds). */
  private static final Set<String> MICROSOFTS_HOSTS =
      Set.of(
          "login.microsoftonline.com",
          "login.microsoft.com",
          "login.windows.net",
          "sts.windows.net",
          "login.microsoftonline.us",
          "login.partner.microsoftonline.cn",
          "login.chinacloudapi.cn");

  private static final List<String> MICROSOFTS_DOMAINS = List.of(".b2clogin.com", ".ciamlogin.com");

  /** Whom Microsoft has its certificates from (Azure certificate authority details). */
  private static final Set<String> MICROSOFTS_ISSUERS =
      Set.of("digicert inc", "microsoft corporation");

  /** The names of the issuers that come with the JVM. */
  private static final class Loaded {
    static final Set<X500Principal> ISSUERS = issuers();
  }

  private Interception() {}

  /**
   * Why it may be so; {@code null} if nothing hints at it.
   *
   * @param chain as the server sent it, its own certificate first
   */
  static @Nullable String suspicion(String host, List<X509Certificate> chain) {
    X500Principal issuer = chain.get(0).getIssuerX500Principal();
    if (isMicrosofts(host) && !MICROSOFTS_ISSUERS.contains(organization(issuer))) {
      return "the certificate of "
          + host
          + " is issued by neither DigiCert nor Microsoft, but by "
          + Text.name(issuer);
    }
    boolean known =
        Loaded.ISSUERS.isEmpty()
            || chain.stream().anyMatch(c -> Loaded.ISSUERS.contains(c.getIssuerX500Principal()));
    return known
        ? null
        : "the certificates end at an issuer that does not come with Java: "
            + Text.name(chain.get(chain.size() - 1).getIssuerX500Principal());
  }

  private static boolean isMicrosofts(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return MICROSOFTS_HOSTS.contains(name) || MICROSOFTS_DOMAINS.stream().anyMatch(name::endsWith);
  }

  /** The organization in lower case; empty if there is none. */
  private static String organization(X500Principal name) {
    try {
      return new LdapName(name.getName())
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("O"))
              .map(part -> String.valueOf(part.getValue()).toLowerCase(Locale.ROOT))
              .findFirst()
              .orElse("");
    } catch (InvalidNameException e) {
      return "";
    }
  }

  /**
   * The JVM's own list, whatever an administrator has told it to trust instead; empty if it cannot
   * be read.
   */
  private static Set<X500Principal> issuers() {
    File list = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts").toFile();
    try {
      KeyStore store = KeyStore.getInstance(list, (char[]) null);
      return new PKIXParameters(store)
          .getTrustAnchors().stream()
              .map(anchor -> anchor.getTrustedCert().getSubjectX500Principal())
              .collect(Collectors.toUnmodifiableSet());
    } catch (IOException | GeneralSecurityException e) {
      return Set.of();
    }
  }
}
