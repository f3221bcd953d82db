package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.testing.EntraErrors;
import io.refreshd.testing.EntraErrors.Row;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number that is known, on the wire: what it means, and whom it reaches. */
class EveryCodeTest {

  private static final Map<String, Reach> BEYOND_THE_GRANT =
      Map.ofEntries(
          Map.entry("7000112", Reach.CREDENTIAL),
          Map.entry("7000215", Reach.CREDENTIAL),
          Map.entry("7000218", Reach.CREDENTIAL),
          Map.entry("7000222", Reach.CREDENTIAL),
          Map.entry("700025", Reach.CREDENTIAL),
          Map.entry("700027", Reach.CREDENTIAL),
          Map.entry("90002", Reach.APPLICATION),
          Map.entry("900023", Reach.APPLICATION),
          Map.entry("700016", Reach.APPLICATION),
          Map.entry("50166", Reach.RATE),
          Map.entry("90055", Reach.RATE),
          Map.entry("AADB2C90079", Reach.CREDENTIAL),
          Map.entry("AADB2C90081", Reach.CREDENTIAL),
          Map.entry("AADB2C90084", Reach.CREDENTIAL),
          Map.entry("AADB2C90018", Reach.APPLICATION),
          Map.entry("AADB2C90068", Reach.APPLICATION),
          Map.entry("AADB2C90092", Reach.APPLICATION),
          Map.entry("AADB2C90285", Reach.APPLICATION),
          Map.entry("AADB2C90229", Reach.RATE),
          Map.entry("AADB2C90244", Reach.RATE));

  private static volatile String answer = "";
  private static final RawServer SERVER = new RawServer(EveryCodeTest::serve);
  private static final EntraTokenRedeemer REDEEMER = new EntraTokenRedeemer(new MutableClock());

  @AfterAll
  static void stop() throws IOException {
    REDEEMER.close();
    SERVER.close();
  }

  /** One request after the other on the same connection, until it closes. */
  private static void serve(Socket connection) throws IOException {
    while (true) {
      RawServer.readRequest(connection);
      RawServer.write(connection, answer);
    }
  }

  static List<Row> table() {
    return EntraErrors.table();
  }

  static List<Row> tableOfB2c() {
    return EntraErrors.tableOfB2c();
  }

  @Test
  void theTablesAreWhole() {
    assertThat(table()).hasSize(232).doesNotHaveDuplicates();
    assertThat(tableOfB2c()).hasSizeGreaterThan(25).doesNotHaveDuplicates();
    Set<String> known =
        Stream.concat(table().stream(), tableOfB2c().stream())
            .map(Row::code)
            .collect(Collectors.toSet());
    assertThat(known)
        .containsAll(BEYOND_THE_GRANT.keySet())
        .containsAll(Reaches.CREDENTIAL)
        .containsAll(Reaches.APPLICATION)
        .containsAll(Reaches.PATIENCE_OF_ONE)
        .containsAll(ClockText.CLOCKS.keySet());
  }

  /** Whether it comes from v1 or v2, and whatever {@code error} that one puts before it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void theNumberDecides(Row row) {
    List<String> errors =
        Stream.of(row.error(1), row.error(2), "invalid_grant").distinct().toList();
    for (String error : errors) {
      String body = EntraErrors.json(error, row.suberror(), row.code(), "What happened.");

      assertMeans(row, error, redeem(v1(), row.status(), body));
      assertMeans(row, error, redeem(v2(), row.status(), body));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tableOfB2c")
  void theNumberOfB2cDecides(Row row) {
    String body = EntraErrors.b2cJson(row.code(), "What happened.");

    assertMeans(row, "invalid_grant", redeem(v2(), 400, body));
  }

  @Test
  void aCauseDoesNotBreakOffWithinABracket() {
    Refused refused =
        redeem(v2(), 400, EntraErrors.json("invalid_grant", null, "70008", "What happened."));

    assertThat(refused.message())
        .isEqualTo("AADSTS70008 (refresh token or auth code expired): \"What happened.\"");
  }

  private static void assertMeans(Row row, String error, Refused refused) {
    assertThat(refused.kind()).isEqualTo(row.kind());
    assertThat(refused.reach()).isEqualTo(BEYOND_THE_GRANT.getOrDefault(row.code(), Reach.GRANT));
    assertThat(refused.refusal().code()).isEqualTo(row.code());
    assertThat(refused.refusal().error()).isEqualTo(error);
    assertThat(refused.answered()).isTrue();
    assertThat(refused.carried()).isTrue();
    assertThat(refused.message())
        .startsWith(ErrorCodes.name(row.code()) + " (")
        .endsWith("): \"What happened.\"")
        .hasSizeLessThanOrEqualTo(300);
    if (Set.of(Reach.CREDENTIAL, Reach.APPLICATION).contains(refused.reach())) {
      assertThat(refused.kind()).isEqualTo(RefusalKind.CONFIGURATION);
    }
  }

  private static TokenEndpoint v1() {
    return new TokenEndpoint.V1(authority(), Endpoint.TENANT, "https://api.test");
  }

  private static TokenEndpoint v2() {
    return new TokenEndpoint.V2(authority(), Endpoint.TENANT, List.of("https://api.test/x"));
  }

  private static URI authority() {
    return URI.create("http://127.0.0.1:" + SERVER.port());
  }

  private static Refused redeem(TokenEndpoint endpoint, int status, String body) {
    answer =
        "HTTP/1.1 %d No\r\nContent-Type: application/json; charset=utf-8\r\n".formatted(status)
            + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
    Grant grant = Grants.named("germany/live").endpoint(endpoint).build();
    return (Refused) REDEEMER.redeem(grant, Endpoint.TOKEN);
  }
}
