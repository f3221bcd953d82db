package io.refreshd.sandbox;

import io.refreshd.fuzz.Require;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.List;

/** Takes a request as a text: method and path, headers, an empty line, the form. */
public final class TokenRequestFuzz {

  private static final MutableClock CLOCK = new MutableClock(SandboxFixture.START);
  private static final TokenHandler HANDLER = handler();

  private TokenRequestFuzz() {}

  private static TokenHandler handler() {
    Ledger ledger = new Ledger(CLOCK);
    for (String tenant : List.of(SandboxFixture.TENANT, Sandbox.PLAIN)) {
      ledger.register(SandboxClient.withSecret(tenant, "secret", "secret"));
      ledger.register(SandboxClient.withKey(tenant, "key", key()));
      ledger.register(SandboxClient.open(tenant, "open"));
      ledger.consent(tenant, "open", SandboxFixture.USER);
    }
    return new TokenHandler(
        new TokenIssuer(SandboxSettings.DEFAULT, CLOCK, ledger, new Troubles()), CLOCK);
  }

  private static PublicKey key() {
    try {
      return KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }

  public static void fuzzerTestOneInput(byte[] input) {
    String[] parts = new String(input, StandardCharsets.ISO_8859_1).split("\n\n", 2);
    WrittenExchange exchange =
        new WrittenExchange(parts[0].lines().toList(), parts.length > 1 ? parts[1] : "");
    try {
      HANDLER.handle(exchange);
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    int status = exchange.getResponseCode();
    Require.that(status == 200 || (status >= 400 && status < 500), "answers " + status);
  }
}
