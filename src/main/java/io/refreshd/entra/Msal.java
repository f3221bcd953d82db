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
import java.net.MalformedURLException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * Has msal4j build and authenticate a redemption. It never sees a refresh token, nor an answer. A
 * new application for each request: one that is used again may keep something from the last.
 */
final class Msal {

  /** In place of the endpoint, which is ours to say; nothing is ever sent there. */
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
    try {
      return builder
          .authority(authority(grant))
          .instanceDiscovery(false)
          .disableInternalRetries()
          .executorService(INLINE)
          .httpClient(http);
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * An assertion of a certificate is made out to the authority, so the true one is wanted, up to
   * the tenant; where msal4j refuses it, as that of a B2C tenant, there is none. It refuses http,
   * which is allowed to loopback. All else that it builds is the same wherever it goes.
   */
  private static String authority(Grant grant) {
    if (!(grant.client().credential() instanceof Certificate)) {
      return STAND_IN;
    }
    String uri = grant.endpoint().uri().toString();
    return uri.substring(0, uri.lastIndexOf("/oauth2/")).replaceFirst("^http:", "https:");
  }

  private IClientCredential proof(Credential credential) throws UnusableCertificate {
    if (credential instanceof ClientSecret secret) {
      return ClientCredentialFactory.createFromSecret(secret.secret().reveal());
    }
    return certificates.load((Certificate) credential);
  }
}
