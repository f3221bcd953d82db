package io.refreshd.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refreshd.testing.Grants;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

  private static final String TEXT = "0.AXkAvery-secret_text~";

  @Test
  void revealGivesTheText() {
    assertThat(RefreshToken.of(TEXT).reveal()).isEqualTo(TEXT);
    assertThat(Secret.of(TEXT).reveal()).isEqualTo(TEXT);
  }

  @Test
  void nothingThatHoldsASecretPrintsIt() {
    RefreshToken token = RefreshToken.of(TEXT);
    Secret secret = Secret.of(TEXT);
    List<Object> holders =
        List.of(
            token,
            secret,
            new Generation(1, token, null, null),
            new Client("id", new Client.ClientSecret(secret)),
            new Client("id", new Client.Certificate(Path.of("germany.pfx"), secret)),
            Grants.named("germany/live").credential(new Client.ClientSecret(secret)).build());

    assertThat(holders)
        .noneSatisfy(holder -> assertThat(holder.toString()).contains("secret_text"));
  }

  @Property
  void aTokenPrintsItsFingerprintOnly(
      @ForAll @AlphaChars @StringLength(min = 16, max = 200) String text) {
    RefreshToken token = RefreshToken.of(text);

    assertThat(token.toString())
        .isEqualTo("RefreshToken(" + token.fingerprint() + ")")
        .doesNotContain(text);
    assertThat(token.fingerprint()).matches("sha256:[0-9a-f]{12}");
  }

  @Test
  void theFingerprintIsTheBeginningOfTheSha256() {
    assertThat(RefreshToken.of("abc").fingerprint()).isEqualTo("sha256:ba7816bf8f01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret_text\n", "secret\ttext", "\u007fsecret_text"})
  void whatIsNoTokenIsRefusedWithoutPrintingIt(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RefreshToken.of(text))
        .withMessageNotContaining("secret")
        .withMessageContaining("another control character");
  }

  /** The store would give back a question mark where half a character went in. */
  @ParameterizedTest
  @ValueSource(strings = {"secret\ud800", "\udc00secret", "secret\ufffdtext"})
  void aTokenThatTheStoreCouldNotGiveBackIsRefusedWithoutPrintingIt(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RefreshToken.of(text))
        .withMessageNotContaining("secret")
        .withMessageContaining("not whole");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n"})
  void anEmptyTokenIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RefreshToken.of(text))
        .withMessageContaining("empty");
  }

  @Test
  void anEmptySecretIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Secret.of(""));
  }

  @Test
  void equalityIsThatOfTheText() {
    assertThat(RefreshToken.of("a"))
        .isEqualTo(RefreshToken.of("a"))
        .isNotEqualTo(RefreshToken.of("b"));
    assertThat(RefreshToken.of("a")).hasSameHashCodeAs(RefreshToken.of("a"));
    assertThat(Secret.of("a")).isEqualTo(Secret.of("a")).isNotEqualTo(Secret.of("b"));
    assertThat(Secret.of("a")).hasSameHashCodeAs(Secret.of("a"));
  }
}
