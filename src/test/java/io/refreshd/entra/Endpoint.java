package io.refreshd.entra;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.common.Slf4jNotifier;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.TokenEndpoint;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A token endpoint that says what a test wants; one for all tests of the JVM, it starts slowly. */
final class Endpoint {

  static final RefreshToken TOKEN =
      RefreshToken.of("1.AXoA-the+token/presented=~" + "x".repeat(40));
  static final String SUCCESSOR = "1.AXoA-the-successor";
  static final String SUCCESS =
      "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"opaque\","
          + "\"refresh_token\":\"1.AXoA-the-successor\"}";
  static final String TENANT = "11111111-2222-3333-4444-555555555555";

  private static final WireMockServer SERVER = started();

  private Endpoint() {}

  private static WireMockServer started() {
    WireMockServer server =
        new WireMockServer(
            options().bindAddress("127.0.0.1").dynamicPort().notifier(new Slf4jNotifier(false)));
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
    return server;
  }

  static URI base() {
    return URI.create("http://127.0.0.1:" + SERVER.port());
  }

  static TokenEndpoint v2(String... scopes) {
    return new TokenEndpoint.V2(base(), TENANT, List.of(scopes));
  }

  static TokenEndpoint v1() {
    return new TokenEndpoint.V1(base(), TENANT, "https://api.partnercenter.microsoft.com");
  }

  static TokenEndpoint plain(String... scopes) {
    return new TokenEndpoint.Plain(URI.create(base() + "/realms/main/token"), List.of(scopes));
  }

  static ResponseDefinitionBuilder json(int status, String body) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "application/json; charset=utf-8")
        .withBody(body);
  }

  /** From now on it answers so, and has seen nothing. */
  static void answers(ResponseDefinitionBuilder answer) {
    SERVER.resetAll();
    SERVER.stubFor(post(anyUrl()).willReturn(answer));
  }

  static void answers(int status, String body) {
    answers(json(status, body));
  }

  /** It answers each token with that token's own successor. */
  static void answersEachTokenWithItsOwnSuccessor(int count) {
    SERVER.resetAll();
    for (int i = 0; i < count; i++) {
      SERVER.stubFor(
          post(anyUrl())
              .withFormParam("refresh_token", equalTo("token-" + i))
              .willReturn(json(200, "{\"refresh_token\":\"successor-of-" + i + "\"}")));
    }
  }

  static int requests() {
    return SERVER.getAllServeEvents().size();
  }

  static LoggedRequest request() {
    return SERVER.getAllServeEvents().get(0).getRequest();
  }

  /** The form of the last request. */
  static Map<String, String> form() {
    Map<String, String> form = new TreeMap<>();
    for (String pair : request().getBodyAsString().split("&", -1)) {
      String[] sides = pair.split("=", 2);
      String before = form.put(sides[0], URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
      if (before != null) {
        throw new AssertionError(sides[0] + " stands twice");
      }
    }
    return form;
  }
}
