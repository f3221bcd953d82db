package io.refreshd.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClientAssertionTest extends SandboxFixture {

  private static final String SIGNER = "signs with a certificate";

  private static final KeyPair KEYS = keys();

  @BeforeEach
  void register() {
    sandbox.register(SandboxClient.withKey(TENANT, SIGNER, KEYS.getPublic()));
    token = sandbox.issueRefreshToken(TENANT, SIGNER, USER);
  }

  @Test
  void anAssertionOfTheClientsKeyProvesIt() throws Exception {
    assertThat(call(assertion(KEYS.getPrivate(), START)).send().statusCode()).isEqualTo(200);
  }

  @Test
  void anotherKeyDoesNot() throws Exception {
    assertThat(call(assertion(keys().getPrivate(), START)).send().body()).contains("AADSTS700027");
    assertThat(call("not.an.assertion").send().body()).contains("AADSTS700027");
    assertThat(call("nothing").send().statusCode()).isEqualTo(401);
  }

  @Test
  void anAssertionEndsAndTheServerTellsItsTime() throws Exception {
    String assertion = assertion(KEYS.getPrivate(), START);
    clock.turn(Duration.ofMinutes(10));

    assertThat(call(assertion).send().body())
        .contains("AADSTS700024")
        .contains("Current time: 2026-08-24T08:10:00.1234567Z");
  }

  @Test
  void aSecretIsNoCertificate() throws Exception {
    assertThat(v2(token).with("client_id", SIGNER).send().body()).contains("AADSTS7000215");
  }

  private TokenCall call(String assertion) {
    return v2(token)
        .without("client_secret")
        .with("client_id", SIGNER)
        .with("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .with("client_assertion", assertion);
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String assertion(PrivateKey key, Instant from) throws Exception {
    long second = from.getEpochSecond();
    String text =
        base64("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8))
            + "."
            + base64(
                "{\"aud\":[\"x\"],\"nbf\":%d,\"exp\":%d}"
                    .formatted(second, second + 600)
                    .getBytes(StandardCharsets.UTF_8));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(key);
    signature.update(text.getBytes(StandardCharsets.UTF_8));
    return text + "." + base64(signature.sign());
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
