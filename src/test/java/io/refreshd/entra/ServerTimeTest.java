package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Redemption;
import io.refreshd.testing.EntraErrors;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server's clock shows, and how long it asks us to wait. */
class ServerTimeTest extends RedeemerTest {

  private static final Instant IN_THE_RFC = Instant.parse("1994-11-06T08:49:37Z");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "06 Nov 1994 08:49:37 GMT",
        " Mon,  06 Nov 1994 08:49:37 GMT ",
        "Sun, 06 Nov 1994 09:49:37 +0100",
      })
  void allFormsOfTheRfcAreDates(String date) {
    assertThat(HttpDate.parse(date, NOW)).isEqualTo(IN_THE_RFC);
  }

  /** More than fifty years ahead is of the century before (RFC 9110 section 5.6.7). */
  @ParameterizedTest
  @CsvSource({"75, 2075", "76, 2076", "77, 1977", "94, 1994", "26, 2026", "00, 2000"})
  void aYearOfTwoDigitsIsNotFarAhead(String year, int expected) {
    Instant date = HttpDate.parse("Sunday, 01-Jan-" + year + " 00:00:00 GMT", NOW);

    assertThat(date).isEqualTo(Instant.parse(expected + "-01-01T00:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "1994-11-06T08:49:37Z",
        "Sunday, 06-Nov-94 08:49:37 CET",
        "784111777"
      })
  void whatIsNoDateIsNone(String date) {
    assertThat(HttpDate.parse(date, NOW)).isNull();
  }

  @Property
  void noHeaderMakesItThrow(@ForAll String header) {
    assertThat(HttpDate.parse(header + "Sun, 06 Nov", NOW)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 302, 400, 429, 503})
  void everyAnswerTellsItByItsDate(int status) {
    String body = status == 200 ? Endpoint.SUCCESS : "{\"error\":\"x\"}";
    Endpoint.answers(
        Endpoint.json(status, body).withHeader("Date", "Sun, 01 Mar 2026 12:03:00 GMT"));

    assertThat(redeem().exchange().serverTime()).isEqualTo(NOW.plus(3, ChronoUnit.MINUTES));
  }

  @Test
  void withoutADateItIsNotKnown() {
    Endpoint.answers(Endpoint.json(400, "{\"error\":\"x\"}").withHeader("Date", "today"));
    assertThat(redeem().exchange().serverTime()).isNull();
    Endpoint.answers(Endpoint.json(400, "{\"error\":\"x\"}"));
    assertThat(redeem().exchange().serverTime()).isNull();
  }

  @Test
  void theTextOfAnUntimelyAssertionIsMoreExact() {
    String text =
        "Client assertion is not within its valid time range. Current time:"
            + " 2026-03-01T12:07:19.6223401Z, assertion valid from 2018-01-18T01:30:22.0000000Z,"
            + " expiry time of assertion 1970-01-01T00:00:00.0000000Z.";
    Endpoint.answers(
        Endpoint.json(401, EntraErrors.json("invalid_client", null, "700024", text))
            .withHeader("Date", "Sun, 01 Mar 2026 12:07:20 GMT"));

    assertThat(redeem().exchange().serverTime())
        .isEqualTo(Instant.parse("2026-03-01T12:07:19.622340100Z"));
  }

  @Test
  void b2cTellsItInSecondsSince1970() {
    String text = "The provided grant has expired. Current time: 1772366580, Grant issued time: 1";
    Endpoint.answers(400, EntraErrors.b2cJson("AADB2C90080", text));

    assertThat(redeem().exchange().serverTime()).isEqualTo(Instant.ofEpochSecond(1_772_366_580));
  }

  @ParameterizedTest
  @CsvSource({
    "120, PT2M",
    "' 7 ', PT7S",
    "007, PT7S",
    "999999999, PT277777H46M39S",
    "0,",
    "-1,",
    "+5,",
    "soon,",
    "1.5,",
    "99999999999999,",
    "'Mon, 99 Foo 2026 00:00:00 GMT',"
  })
  void retryAfterIsSecondsOrNonsense(String header, @Nullable Duration expected) {
    Endpoint.answers(Endpoint.json(503, "{\"error\":\"x\"}").withHeader("Retry-After", header));

    assertThat(refused(redeem()).retryAfter()).isEqualTo(expected);
  }

  /** Our own clock, or the server's, may be wrong. */
  @ParameterizedTest
  @CsvSource({
    "'Sun, 06 Nov 1994 08:54:37 GMT', PT5M",
    "'Sunday, 06-Nov-94 08:54:37 GMT', PT5M",
    "Sun Nov  6 08:54:37 1994, PT5M",
    "'Sun, 06 Nov 1994 08:49:37 GMT',",
    "'Sun, 06 Nov 1994 08:44:37 GMT',",
  })
  void aDateInRetryAfterCountsFromTheAnswersDate(String then, @Nullable Duration expected) {
    Endpoint.answers(
        Endpoint.json(503, "{\"error\":\"x\"}")
            .withHeader("Date", "Sun, 06 Nov 1994 08:49:37 GMT")
            .withHeader("Retry-After", then));

    assertThat(refused(redeem()).retryAfter()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"'Sun, 01 Mar 2026 12:01:30 GMT', PT1M30S", "'Sun, 01 Mar 2026 11:00:00 GMT',"})
  void withoutADateItCountsFromOurClock(String then, @Nullable Duration expected) {
    Endpoint.answers(Endpoint.json(503, "{\"error\":\"x\"}").withHeader("Retry-After", then));

    assertThat(refused(redeem()).retryAfter()).isEqualTo(expected);
  }

  @Test
  void aSuccessThatAsksForPatienceIsASuccess() {
    Endpoint.answers(Endpoint.json(200, Endpoint.SUCCESS).withHeader("Retry-After", "60"));

    assertThat(redeem()).isInstanceOf(Redemption.Redeemed.class);
  }
}
