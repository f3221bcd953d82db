package io.refreshd.sandbox;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** New tokens, as JSON and as each dialect writes it. */
final class TokenAnswer {

  private final SandboxSettings settings;

  TokenAnswer(SandboxSettings settings) {
    this.settings = settings;
  }

  /**
   * The answer.
   *
   * @param refreshToken the successor; {@code null} if there is none
   */
  Answer of(
      TokenRequest request,
      Chain chain,
      Permission permission,
      @Nullable String refreshToken,
      Instant now) {
    Map<String, Object> claims = claims(request.route(), chain, permission, now);
    Map<String, @Nullable Object> answer =
        switch (request.kind()) {
          case V1 -> v1(permission, now);
          case V2 -> v2(request, chain);
          case PLAIN -> plain(permission);
        };
    answer.put("access_token", Jwt.signed(claims));
    answer.put("refresh_token", refreshToken);
    if (request.scopes().contains("openid")) {
      boolean v1 = request.kind() == Route.Kind.V1;
      answer.put("id_token", v1 ? Jwt.unsigned(claims) : Jwt.signed(claims));
    }
    return Answer.json(200, Json.object(answer));
  }

  /** Every number is a text. */
  private Map<String, @Nullable Object> v1(Permission permission, Instant now) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("token_type", "Bearer");
    answer.put("scope", permission.names());
    answer.put("expires_in", String.valueOf(expiresIn()));
    answer.put("ext_expires_in", String.valueOf(expiresIn()));
    answer.put("expires_on", String.valueOf(now.getEpochSecond() + expiresIn()));
    answer.put("not_before", String.valueOf(now.getEpochSecond()));
    answer.put("resource", permission.resource());
    return answer;
  }

  private Map<String, @Nullable Object> v2(TokenRequest request, Chain chain) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("token_type", "Bearer");
    answer.put("scope", String.join(" ", request.scopes()));
    answer.put("expires_in", expiresIn());
    answer.put("ext_expires_in", expiresIn());
    if (request.find("client_info").isPresent()) {
      String tenant = chain.client().tenant();
      answer.put("client_info", Jwt.part(Map.of("uid", Guids.of(chain.user()), "utid", tenant)));
    }
    return answer;
  }

  private Map<String, @Nullable Object> plain(Permission permission) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("token_type", "Bearer");
    answer.put("scope", permission.names());
    answer.put("expires_in", expiresIn());
    answer.put("refresh_token_expires_in", settings.lifetime().toSeconds());
    return answer;
  }

  private Map<String, Object> claims(Route route, Chain chain, Permission permission, Instant now) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("aud", permission.resource());
    claims.put("iss", "https://sts.windows.net/" + route.tenant() + "/");
    claims.put("iat", now.getEpochSecond());
    claims.put("nbf", now.getEpochSecond());
    claims.put("exp", now.plus(settings.accessTokenLifetime()).getEpochSecond());
    claims.put("amr", List.of("pwd", "mfa"));
    claims.put(route.kind() == Route.Kind.V1 ? "appid" : "azp", chain.client().id());
    claims.put("scp", permission.names());
    claims.put("sub", Guids.of(chain.user() + chain.client().id()));
    if (route.kind() != Route.Kind.PLAIN) {
      claims.put("oid", Guids.of(chain.user()));
      claims.put("tid", route.tenant());
      claims.put("ver", route.kind() == Route.Kind.V1 ? "1.0" : "2.0");
    }
    return claims;
  }

  /** A second less than it is, as Entra says it. */
  private long expiresIn() {
    return settings.accessTokenLifetime().toSeconds() - 1;
  }
}
