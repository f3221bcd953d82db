package io.refreshd.entra;

import com.microsoft.aad.msal4j.HttpMethod;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import org.jspecify.annotations.Nullable;

/**
 * Takes the request of one redemption from msal4j, carries it over our wire, and keeps the answer.
 */
final class Courier implements IHttpClient {

  private final Wire wire;
  private final Grant grant;
  private final RefreshToken token;
  private @Nullable Exchanged exchanged;
  private @Nullable String correlationId;

  Courier(Wire wire, Grant grant, RefreshToken token) {
    this.wire = wire;
    this.grant = grant;
    this.token = token;
  }

  /**
   * Never returns, and sends once, whatever msal4j asks.
   *
   * @throws Delivered always, if it is the redemption
   */
  @Override
  public IHttpResponse send(HttpRequest request) throws Delivered {
    if (request.httpMethod() != HttpMethod.POST) {
      throw new IllegalStateException("msal4j wants to send something else than the redemption");
    }
    if (exchanged == null) {
      correlationId = request.headerValue("client-request-id");
      // until the wire says better: if it breaks down itself, the token may be out
      exchanged = new Exchanged.NoAnswer("the exchange broke down", true);
      exchanged =
          wire.post(
              new WireRequest(
                  grant.endpoint().uri(),
                  request.headers(),
                  TokenForm.of(grant.endpoint(), token, request.body()),
                  grant.isSingleUse()));
    }
    throw new Delivered();
  }

  /** What came of it; {@code null} if nothing was sent. */
  @Nullable Exchanged exchanged() {
    return exchanged;
  }

  /** The id that the request went out with. */
  @Nullable String correlationId() {
    return correlationId;
  }
}
