package io.refreshd.entra;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who a server says it is, whether or not we believe it. Names are as in RFC 2253.
 *
 * @param protocol {@code TLSv1.3}; {@code null} if the handshake failed
 * @param subject of the server's own certificate
 * @param issuer of that one
 * @param lastSubject of the last certificate that the server sent
 * @param lastIssuer of that one: who everything hangs on
 * @param notBefore start of the server's own certificate
 * @param notAfter its end
 * @param suspicion why somebody between us and the server may be reading along; {@code null} if
 *     nothing hints at it
 */
public record ServerIdentity(
    @Nullable String protocol,
    String subject,
    String issuer,
    String lastSubject,
    String lastIssuer,
    Instant notBefore,
    Instant notAfter,
    @Nullable String suspicion) {

  /**
   * By the certificates that a server sent, its own first.
   *
   * @param host that we asked for
   */
  static ServerIdentity of(String host, List<X509Certificate> chain, @Nullable String protocol) {
    X509Certificate own = chain.get(0);
    X509Certificate last = chain.get(chain.size() - 1);
    return new ServerIdentity(
        protocol,
        Text.name(own.getSubjectX500Principal()),
        Text.name(own.getIssuerX500Principal()),
        Text.name(last.getSubjectX500Principal()),
        Text.name(last.getIssuerX500Principal()),
        own.getNotBefore().toInstant(),
        own.getNotAfter().toInstant(),
        Interception.suspicion(host, chain));
  }
}
