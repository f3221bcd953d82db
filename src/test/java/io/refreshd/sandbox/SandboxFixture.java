package io.refreshd.sandbox;

import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A sandbox with a client and a user, at a time that the test turns. */
class SandboxFixture {

  static final Instant START = Instant.parse("2026-08-24T08:00:00.1234567Z");
  static final String TENANT = "11111111-2222-3333-4444-555555555555";
  static final String CLIENT = "66666666-7777-8888-9999-000000000000";
  static final String SECRET = "s&cret+%\u00e4";
  static final String USER = "keeper@germany.example";
  static final String RESOURCE = "https://api.partnercenter.microsoft.com";
  static final String SCOPE = RESOURCE + "/user_impersonation";

  final MutableClock clock = new MutableClock(START);
  Sandbox sandbox;
  String token;

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.start(0, SandboxSettings.DEFAULT, clock);
    sandbox.register(SandboxClient.withSecret(TENANT, CLIENT, SECRET));
    token = sandbox.issueRefreshToken(TENANT, CLIENT, USER);
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  Chain chain() {
    return sandbox.chain(TENANT, CLIENT, USER);
  }

  TokenCall v2(String refreshToken) {
    return at("/" + TENANT + "/oauth2/v2.0/token", refreshToken)
        .with("scope", SCOPE + " openid profile offline_access");
  }

  TokenCall v1(String refreshToken) {
    return at("/" + TENANT + "/oauth2/token", refreshToken).with("resource", RESOURCE);
  }

  TokenCall at(String path, String refreshToken) {
    return new TokenCall(sandbox.authority().resolve(path))
        .with("client_id", CLIENT)
        .with("client_secret", SECRET)
        .with("refresh_token", refreshToken);
  }
}
