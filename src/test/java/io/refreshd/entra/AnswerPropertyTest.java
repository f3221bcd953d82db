package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.testing.MutableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** No answer makes the reader throw, and none makes it tell a token. */
class AnswerPropertyTest {

  private static final String TOKEN = "1.AXoAsecret-token_of-the.keeper~0123456789";

  private final MutableClock clock = new MutableClock();
  private final AnswerReader reader = new AnswerReader(clock);

  @Property
  void arbitraryBytes(@ForAll byte[] bytes, @ForAll @IntRange(min = 100, max = 599) int status) {
    read(status, new String(bytes, StandardCharsets.UTF_8), Map.of());
  }

  @Property
  void arbitraryTextInEveryHeader(@ForAll String text) {
    Map<String, String> headers =
        Map.of(
            "retry-after", text,
            "date", text,
            "location", text,
            "content-type", text,
            "client-request-id", text,
            "x-ms-request-id", text);

    for (int status : new int[] {200, 302, 429, 503}) {
      read(status, text, headers);
    }
  }

  @Property
  void arbitraryMembersOfAnObject(
      @ForAll("objects") String json, @ForAll @IntRange(min = 200, max = 599) int status) {
    Redemption redemption = read(status, json, Map.of());

    if (redemption instanceof Refused refused) {
      assertThat(refused.message()).hasSizeBetween(1, 300).doesNotContain("\n");
    }
    assertThat(redemption.toString()).doesNotContain(TOKEN);
  }

  @Property
  void anObjectCutOffBehindTheTokenIsASuccessAndBeforeItIsNone(
      @ForAll @IntRange(max = 69) int length) {
    String start = "{\"refresh_token\":\"next\"";
    String whole = start + ",\"access_token\":\"a.b.c\",\"error_codes\":[1,2,3]}";

    assertThat(read(200, whole.substring(0, length), Map.of()))
        .isInstanceOf(length < start.length() ? Refused.class : Redeemed.class);
  }

  @Property
  void anErrorCutOffAnywhereIsNoErrorThatIsBelieved(@ForAll @IntRange(max = 48) int length) {
    String whole = "{\"error\":\"invalid_grant\",\"error_codes\":[700082]}";

    assertThat(read(400, whole.substring(0, length), Map.of()))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.kind())
                    .isEqualTo(
                        length == whole.length() ? RefusalKind.DEAD : RefusalKind.TRANSIENT));
  }

  @Property
  void depthIsBounded(@ForAll @IntRange(max = 30_000) int depth) {
    read(200, "{\"error_codes\":" + "[".repeat(depth), Map.of());
    read(200, "{\"a\":".repeat(depth), Map.of());
  }

  @Provide
  Arbitrary<String> objects() {
    Arbitrary<String> names =
        Arbitraries.of(
            "error",
            "suberror",
            "error_description",
            "error_codes",
            "refresh_token",
            "refresh_token_expires_in",
            "access_token",
            "correlation_id",
            "trace_id",
            "x");
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.of(TOKEN, "x " + TOKEN + " y", "AADSTS70008: " + TOKEN + TOKEN, "a.b.c"),
            Arbitraries.of("invalid_grant", "AADSTS50057: x\\r\\ny", "e30.e30.e30", "\\u0000"),
            Arbitraries.strings().alpha().ofMaxLength(50));
    Arbitrary<String> scalars =
        Arbitraries.oneOf(
            texts.map(text -> "\"" + text + "\""),
            Arbitraries.of("null", "true", "0", "-1", "1e999", "3600", "700082", "{}", "[]"));
    Arbitrary<String> values =
        Arbitraries.oneOf(
            scalars,
            scalars.list().ofMaxSize(4).map(list -> "[" + String.join(",", list) + "]"),
            scalars.map(scalar -> "{\"refresh_token\":" + scalar + "}"));
    return Combinators.combine(names, values)
        .as((name, value) -> "\"" + name + "\":" + value)
        .list()
        .ofMaxSize(8)
        .map(members -> "{" + String.join(",", members) + "}");
  }

  private Redemption read(int status, String body, Map<String, String> headers) {
    Scrubber scrubber = new Scrubber(List.of(RefreshToken.of(TOKEN).reveal(), "client-secret"));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return reader.read(
        new Exchanged.Answer(status, headers, Body.of(bytes, bytes.length), null),
        new Sent(clock.instant(), Duration.ZERO, "sent", scrubber, RefreshTokens.SINGLE_USE));
  }
}
