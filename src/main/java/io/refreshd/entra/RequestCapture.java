package io.refreshd.entra;

import com.microsoft.aad.msal4j.HttpMethod;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Takes the request that msal4j has built, and ends msal4j's part there: nothing is sent, so there
 * is no answer for it to parse, cache, log, retry or throttle by.
 */
final class RequestCapture implements IHttpClient {

  /** Carries nothing, and no stack. */
  private static final class Captured extends Exception {
    private static final long serialVersionUID = 1L;

    Captured() {
      super("the request is with refreshd", null, false, false);
    }
  }

  private @Nullable BuiltRequest built;

  /**
   * Never returns.
   *
   * @throws Captured always, if it is the redemption
   */
  @Override
  public IHttpResponse send(HttpRequest request) throws Captured {
    if (request.httpMethod() != HttpMethod.POST) {
      throw new IllegalStateException("msal4j wants to send something else than the redemption");
    }
    built = new BuiltRequest(request.headers(), TokenForm.withoutToken(request.body()));
    throw new Captured();
  }

  /** What was captured; {@code null} if msal4j did not come so far. */
  @Nullable BuiltRequest built() {
    return built;
  }
}
