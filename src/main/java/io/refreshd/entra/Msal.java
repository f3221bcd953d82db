package io.refreshd.entra;

import com.microsoft.aad.msal4j.AbstractClientApplicationBase;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.PublicClientApplication;
import com.microsoft.aad.msal4j.RefreshTokenParameters;
import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Client.Credential;
import io.refreshd.grant.Client.NoCredential;
import io.refreshd.grant.Grant;
import io.refreshd.grant.TokenEndpoint;
import java.net.MalformedURLException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * Has msal4j build and authenticate a redemption. It never sees a refresh token, nor an answer. A
 * new application for each request: one that is used again may keep something from the last.
 */
final class Msal {

  /** For endpoints that msal4j refuses or does not know; nothing is ever sent there. */
  private static final String STAND_IN = "https://stand-in.invalid/tenant/";

  /** msal4j is never given the refresh token: {@link TokenForm} puts it in its place. */
  private static final String PLACEHOLDER = "placeholder";

  private static final ExecutorService INLINE = new InlineExecutor();

  private final ClientCertificates certificates;

  Msal(ClientCertificates certificates) {
    this.certificates = certificates;
  }

  /**
   * The request for a grant, without its token.
   *
   * @throws UnusableCertificate if the client's certificate cannot be used
   * @throws IllegalStateException if msal4j cannot build it
   */
  BuiltRequest build(Grant grant) throws UnusableCertificate {
    Set<String> scopes = new LinkedHashSet<>(RequestTemplates.scopes(grant.endpoint()));
    RequestCapture capture = new RequestCapture();
    Throwable end = null;
    try {
      RefreshTokenParameters parameters =
          RefreshTokenParameters.builder(scopes, PLACEHOLDER).build();
      var unused = application(grant, capture).acquireToken(parameters).join();
    } catch (RuntimeException e) {
      // the usual end: the capture breaks off what msal4j would go on to do
      end = e.getCause() == null ? e : e.getCause();
    }
    BuiltRequest built = capture.built();
    if (built == null) {
      throw new IllegalStateException("msal4j could not build the request: " + end, end);
    }
    return built;
  }

  private AbstractClientApplicationBase application(Grant grant, IHttpClient http)
      throws UnusableCertificate {
    String id = grant.client().id();
    Credential credential = grant.client().credential();
    return credential instanceof NoCredential
        ? ready(PublicClientApplication.builder(id), grant, http).build()
        : ready(ConfidentialClientApplication.builder(id, proof(credential)), grant, http).build();
  }

  private static <B extends AbstractClientApplicationBase.Builder<B>> B ready(
      B builder, Grant grant, IHttpClient http) {
    return at(builder, grant.endpoint())
        .instanceDiscovery(false)
        .disableInternalRetries()
        .executorService(INLINE)
        .httpClient(http);
  }

  /** An assertion of a certificate is made out to the authority, so the true one is wanted. */
  private static <B extends AbstractClientApplicationBase.Builder<B>> B at(
      B builder, TokenEndpoint endpoint) {
    try {
      return builder.authority(authority(endpoint));
    } catch (IllegalArgumentException | MalformedURLException e) {
      return standIn(builder);
    }
  }

  private static <B extends AbstractClientApplicationBase.Builder<B>> B standIn(B builder) {
    try {
      return builder.authority(STAND_IN);
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Up to the tenant. msal4j refuses http, which is allowed to loopback, and B2C's hosts. */
  private static String authority(TokenEndpoint endpoint) {
    String uri = endpoint.uri().toString();
    return endpoint instanceof TokenEndpoint.Plain
        ? STAND_IN
        : uri.substring(0, uri.lastIndexOf("/oauth2/"));
  }

  private IClientCredential proof(Credential credential) throws UnusableCertificate {
    if (credential instanceof ClientSecret secret) {
      return ClientCredentialFactory.createFromSecret(secret.secret().reveal());
    }
    return certificates.load((Certificate) credential);
  }
}
