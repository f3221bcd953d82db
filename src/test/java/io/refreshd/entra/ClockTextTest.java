package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Told;
import io.refreshd.rotation.Told.Which;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are those that people have published, their ids apart. */
class ClockTextTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String TAIL =
      "\r\nTrace ID: 0a1b2c3d-0000-1111-2222-333344445555\r\nCorrelation ID:"
          + " 99998888-0000-1111-2222-333344445555\r\nTimestamp: 2026-03-01 12:00:00Z";

  private static final String INACTIVE =
      "AADSTS700082: The refresh token has expired due to inactivity.\u00a0The token was issued on"
          + " 2025-10-02T09:19:53.5422744Z and was inactive for 90.00:00:00."
          + TAIL;
  private static final String SIGN_IN_FREQUENCY =
      "AADSTS70043: The refresh token has expired or is invalid due to sign-in frequency checks by"
          + " conditional access. The token was issued on 2025-11-18T04:19:03.3260000Z and the"
          + " maximum allowed lifetime for this request is 43200."
          + TAIL;
  private static final String REVOKED =
      "AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is"
          + " needed. The user might have changed or reset their password. The grant was issued on"
          + " '2024-02-20T08:38:17.6250114Z' and the TokensValidFrom date (before which tokens are"
          + " not valid) for this user is '2024-04-16T08:25:51.0000000Z'. Trace ID: a Correlation"
          + " ID: b Timestamp: 2024-04-16 09:18:32Z";
  private static final String OF_B2C =
      "AADB2C90080: The provided grant has expired. Please re-authenticate and try again. Current"
          + " time: 1772366400, Grant issued time: 1771150000, Grant expiration time: 1772359600\r\n"
          + "Correlation ID: 1\r\nTimestamp: 2026-03-01 12:00:00Z\r\n";

  @Test
  void expiryByAgeTellsTheIssueAndTheLifetime() {
    assertThat(read("700082", INACTIVE))
        .isEqualTo(told(Which.ISSUE, "2025-10-02T09:19:53.542274400Z", Duration.ofDays(90)));
    assertThat(read("70008", INACTIVE.replace("700082", "70008")))
        .isEqualTo(read("700082", INACTIVE));
  }

  @Test
  void expiryByMaximumLifetimeTellsLikewise() {
    String text =
        "AADSTS700081: The refresh token has expired due to maximum lifetime. The token was issued"
            + " on 2026-02-27T10:00:00.0000000Z and the maximum allowed lifetime for this"
            + " application is 1.00:00:00.";

    assertThat(read("700081", text + TAIL))
        .isEqualTo(told(Which.ISSUE, "2026-02-27T10:00:00Z", Duration.ofDays(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"can't", "cannot"})
  void aTokenOfASinglePageAppCountsFromTheSignIn(String cannot) {
    String text =
        "AADSTS700084: The refresh token was issued to a single page app (SPA), and therefore has"
            + " a fixed, limited lifetime of 1.00:00:00, which "
            + cannot
            + " be extended. It is now expired and a new sign in request must be sent by the SPA to"
            + " the sign in page. The token was issued on 2026-02-27T10:00:00.5000000Z.";

    assertThat(read("700084", text + TAIL))
        .isEqualTo(told(Which.SIGN_IN, "2026-02-27T10:00:00.500Z", Duration.ofDays(1)));
  }

  @Test
  void signInFrequencyIsToldInSeconds() {
    assertThat(read("70043", SIGN_IN_FREQUENCY))
        .isEqualTo(told(Which.SIGN_IN, "2025-11-18T04:19:03.326Z", Duration.ofHours(12)));
  }

  @Test
  void aRevocationTellsFromWhenTokensAreValid() {
    assertThat(read("50173", REVOKED))
        .isEqualTo(
            new Told(
                Which.SIGN_IN,
                Instant.parse("2024-02-20T08:38:17.625011400Z"),
                null,
                Instant.parse("2024-04-16T08:25:51Z")));
    assertThat(
            read("50173", "AADSTS50173: The provided grant has expired due to it being revoked."))
        .isEqualTo(Told.NOTHING);
  }

  @Test
  void b2cCountsInSecondsSince1970() {
    assertThat(read("AADB2C90080", OF_B2C))
        .isEqualTo(told(Which.ISSUE, "2026-02-15T10:06:40Z", Duration.ofDays(14)));
  }

  /** The end of the sliding window is not that of the token. */
  @Test
  void aSlidingWindowOfB2cIsNoLimit() {
    String sliding = OF_B2C.replace("Grant expiration", "Grant sliding window expiration");

    assertThat(read("AADB2C90080", sliding))
        .isEqualTo(told(Which.ISSUE, "2026-02-15T10:06:40Z", null));
  }

  /** Seen in 2017: refused before the end that the text gives. */
  @Test
  void aClockThatStillRunsIsNoLimit() {
    String text = OF_B2C.replace("1771150000", "1772200000").replace("1772359600", "1774792000");

    assertThat(read("AADB2C90080", text))
        .isEqualTo(told(Which.ISSUE, "2026-02-27T13:46:40Z", null));
    assertThat(read("70043", SIGN_IN_FREQUENCY.replace("43200", "31536000")).limit()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "  ",
        "&nbsp;",
        "\u00a0",
        "\u00c2\u00a0",
        "\u00c2 ",
        "\ufffd",
        "\u2028",
        "\t",
        "\r\n",
        "\n"
      })
  void blanksOfAnySortStandBetweenTheWords(String blank) {
    String text = INACTIVE.replace("\u00a0", " ").replace(" ", blank);

    assertThat(read("700082", text))
        .isEqualTo(told(Which.ISSUE, "2025-10-02T09:19:53.542274400Z", Duration.ofDays(90)));
  }

  @ParameterizedTest
  @CsvSource({
    "2025-10-02T09:19:53.5422744Z, 2025-10-02T09:19:53.542274400Z",
    "2025-10-02T09:19:53Z, 2025-10-02T09:19:53Z",
    "2025-10-02T09:19:53, 2025-10-02T09:19:53Z",
    "2025-10-02 09:19:53Z, 2025-10-02T09:19:53Z",
    "2025-10-02T09:19:53.1234567890123Z, 2025-10-02T09:19:53.123456789Z",
    "2025-10-02T11:19:53.5+02:00, 2025-10-02T09:19:53.500Z",
    "'''2025-10-02T09:19:53Z''', 2025-10-02T09:19:53Z",
    "\"2025-10-02T09:19:53Z\", 2025-10-02T09:19:53Z",
    "2025-10-02, ",
    "2025-02-30T09:19:53Z, ",
    "2025-10-02T25:19:53Z, ",
    "0001-01-01T00:00:00.0000000Z, ",
    "1970-01-01T00:00:00.0000000Z, ",
    "9999-12-31T23:59:59.9999999Z, ",
    "2026-03-02T12:00:01Z, ",
    "2026-03-02T11:59:59Z, 2026-03-02T11:59:59Z",
    "2016-02-01T00:00:00Z, ",
    "xxxxxxx, ",
    "{issueDate}, "
  })
  void aPointInTimeIsReadOrNotTold(String written, @Nullable Instant issuedAt) {
    String text =
        "The token was issued on " + written + " and was inactive for 90.00:00:00." + TAIL;

    assertThat(read("700082", text).issuedAt()).isEqualTo(issuedAt);
  }

  @ParameterizedTest
  @CsvSource({
    "90.00:00:00, P90D",
    "1.02:03:04, P1DT2H3M4S",
    "08:00:00, PT8H",
    "24:00:00, PT24H",
    "00:10:30.5000000, PT10M30.5S",
    "00:10:00, PT10M",
    "600, PT10M",
    "00:09:59, ",
    "599, ",
    "00:00:02, ",
    "2, ",
    "3600, PT1H",
    "604800, P7D",
    "2592000, P30D",
    "5184000, P60D",
    "'''604800''', P7D",
    "0, ",
    "-1, ",
    "-604800, ",
    "00:00:00, ",
    "-1.00:00:00, ",
    "3653.00:00:00, P3653D",
    "3653.00:00:01, ",
    "10675199.02:48:05.4775807, ",
    "315619200, P3653D",
    "315619201, ",
    "999999999999, ",
    "99999999999999999999, ",
    "1:99:00, ",
    "many, ",
    "{time}, "
  })
  void aSpanOfTimeIsReadOrNotTold(String written, @Nullable Duration limit) {
    String ofRequest = "the maximum allowed lifetime for this request is " + written + ".";

    assertThat(read("70043", ofRequest + TAIL).limit()).isEqualTo(limit);
    assertThat(read("70043", ofRequest + " Trace ID: 1").limit()).isEqualTo(limit);
    assertThat(read("700082", "and was inactive for " + written + TAIL).limit()).isEqualTo(limit);
  }

  /** Proxies and logs cut texts off; {@code 90} of {@code 90.00:00:00} is not ninety seconds. */
  @ParameterizedTest
  @ValueSource(strings = {INACTIVE, SIGN_IN_FREQUENCY, REVOKED, OF_B2C})
  void aTextThatWasCutTellsWhatIsLeftAndNothingElse(String whole) {
    String code = whole.substring(0, whole.indexOf(':')).replace("AADSTS", "");
    Told all = read(code, whole);

    for (int length = 0; length < whole.length(); length++) {
      Told left = read(code, whole.substring(0, length));

      assertThat(left.limit()).isIn(null, all.limit());
      assertToTheSecond(left.issuedAt(), all.issuedAt());
      assertToTheSecond(left.validFrom(), all.validFrom());
    }
    assertThat(all.issuedAt()).isNotNull();
  }

  /** A fraction of a second may be cut in the middle. */
  private static void assertToTheSecond(@Nullable Instant left, @Nullable Instant whole) {
    if (left != null) {
      assertThat(whole).isNotNull();
      assertThat(left.getEpochSecond()).isEqualTo(whole == null ? -1 : whole.getEpochSecond());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"50076", "50078", "70044", "65001", "7000222", "999999"})
  void otherErrorsTellNothingOfTheClocks(String code) {
    assertThat(read(code, INACTIVE)).isEqualTo(Told.NOTHING);
  }

  @Test
  void withoutATextOrACodeNothingIsTold() {
    assertThat(read("700082", null)).isEqualTo(Told.NOTHING);
    assertThat(read(null, INACTIVE)).isEqualTo(Told.NOTHING);
    assertThat(read("700082", "")).isEqualTo(Told.NOTHING);
  }

  @Property
  void anyTextIsReadWithoutTrouble(@ForAll("codes") String code, @ForAll String text) {
    assertPlausible(read(code, text));
  }

  @Property
  void aMutatedTextTellsNoNonsense(@ForAll("codes") String code, @ForAll("mutated") String text) {
    assertPlausible(read(code, text));
  }

  @Property
  void wordsWithAnyNumbersTellNoNonsense(
      @ForAll("codes") String code,
      @ForAll("times") String time,
      @ForAll("times") String other,
      @ForAll("times") String third) {
    assertPlausible(
        read(
            code,
            "issued on "
                + time
                + " and was inactive for "
                + other
                + ". Grant issued time: "
                + time
                + ", Grant expiration time: "
                + third
                + " TokensValidFrom date for this user is '"
                + third
                + "'."));
  }

  @Provide
  Arbitrary<String> codes() {
    return Arbitraries.of(ClockText.CLOCKS.keySet());
  }

  @Provide
  Arbitrary<String> times() {
    return Arbitraries.strings().withChars("0123456789-:.TZ+ '").ofMaxLength(34);
  }

  /** A sample with a piece replaced. */
  @Provide
  Arbitrary<String> mutated() {
    Arbitrary<String> samples =
        Arbitraries.of(List.of(INACTIVE, SIGN_IN_FREQUENCY, REVOKED, OF_B2C));
    Arbitrary<String> pieces =
        Arbitraries.oneOf(times(), Arbitraries.strings().ofMaxLength(10), samples);
    return Combinators.combine(
            samples,
            pieces,
            Arbitraries.integers().between(0, 400),
            Arbitraries.integers().between(0, 60))
        .as(ClockTextTest::replaced);
  }

  private static String replaced(String sample, String piece, int from, int length) {
    int start = Math.min(from, sample.length());
    int end = Math.min(start + length, sample.length());
    return sample.substring(0, start) + piece + sample.substring(end);
  }

  @Property
  void aLongTextTakesNoLongTime(@ForAll @IntRange(max = 100_000) int length) {
    read("700082", "issued on ".repeat(length / 10));
    read("700082", "0".repeat(length));
    read("700082", "issued on" + " ".repeat(length));
  }

  private static void assertPlausible(Told told) {
    Duration limit = told.limit();
    if (limit != null) {
      assertThat(limit).isBetween(Duration.ofMinutes(10), Duration.ofDays(3653));
    }
    for (Instant instant : new @Nullable Instant[] {told.issuedAt(), told.validFrom()}) {
      if (instant != null) {
        assertThat(instant).isBetween(NOW.minus(Duration.ofDays(3653)), NOW.plusSeconds(86_400));
      }
    }
    assertThat(told.clock() == null).isEqualTo(told.equals(Told.NOTHING));
  }

  private static Told read(@Nullable String code, @Nullable String text) {
    return ClockText.read(code, text, NOW);
  }

  private static Told told(Which clock, String issuedAt, @Nullable Duration limit) {
    return new Told(clock, Instant.parse(issuedAt), limit, null);
  }
}
