package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.Secret;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.testing.Grants;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * One redemption does nothing to another, although msal4j throttles public clients JVM-wide, by
 * client, authority and scopes, and remembers refusals for two minutes.
 */
class IsolationTest extends RedeemerTest {

  private static final RefreshToken SOMEBODY_ELSE = RefreshToken.of("the-token-of-somebody-else");
  private final Grant grant =
      Grants.named("a/b")
          .endpoint(Endpoint.v2("https://api.test/x"))
          .credential(new Client.NoCredential())
          .build();

  @ParameterizedTest
  @CsvSource({"429, x", "503, x", "400, invalid_grant", "400, interaction_required"})
  void aRefusalBlocksNeitherTheNextUserNorTheNextAttempt(int status, String error) {
    Endpoint.answers(
        Endpoint.json(status, "{\"error\":\"" + error + "\"}").withHeader("Retry-After", "3000"));
    refused(redeemer.redeem(grant, Endpoint.TOKEN));

    Endpoint.answers(200, Endpoint.SUCCESS);

    redeemed(redeemer.redeem(grant, SOMEBODY_ELSE));
    redeemed(redeemer.redeem(grant, Endpoint.TOKEN));
    assertThat(Endpoint.requests()).isEqualTo(2);
  }

  @Test
  void msal4jNeitherSeesNorCachesNorLogsAnything() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("com.microsoft.aad.msal4j");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    Level before = logger.getLevel();
    logger.setLevel(Level.TRACE);
    try {
      for (int status : new int[] {200, 400, 429, 500}) {
        Endpoint.answers(status, Endpoint.SUCCESS);
        redeem();
        redeemer.redeem(grant, Endpoint.TOKEN);
      }
    } finally {
      logger.setLevel(before);
      logger.detachAppender(lines);
    }

    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .isNotEmpty()
        .noneMatch(line -> line.contains(Endpoint.TOKEN.reveal()))
        .noneMatch(line -> line.contains(Endpoint.SUCCESSOR))
        .noneMatch(line -> line.contains("client-secret"));
  }

  @Test
  void aRequestIsBuiltOncePerClientAndDiffersInTokenAndCorrelationIdAlone() throws Exception {
    Endpoint.answers(200, Endpoint.SUCCESS);
    redeemer.redeem(grant, Endpoint.TOKEN);
    LoggedRequest first = Endpoint.request();
    redeemer.redeem(grant, SOMEBODY_ELSE);
    LoggedRequest second = Endpoint.request();

    String itsToken = "&refresh_token=[^&]*";
    assertThat(second.getBodyAsString())
        .isNotEqualTo(first.getBodyAsString())
        .matches(
            text ->
                text.replaceAll(itsToken, "")
                    .equals(first.getBodyAsString().replaceAll(itsToken, "")));
    assertThat(second.getHeader("client-request-id"))
        .isNotEqualTo(first.getHeader("client-request-id"));
    assertThat(second.getHeaders().keys()).isEqualTo(first.getHeaders().keys());
  }

  @Test
  void clientsOfOneIdWithOtherSecretsOrScopesDoNotShareARequest() {
    Endpoint.answers(200, Endpoint.SUCCESS);
    List<String> forms = new ArrayList<>();
    for (String secret : List.of("secret-1", "secret-2")) {
      for (String scope : List.of("https://api.test/x", "https://api.test/y")) {
        Grant other =
            Grants.named("a/b")
                .endpoint(Endpoint.v2(scope))
                .credential(new Client.ClientSecret(Secret.of(secret)))
                .build();
        redeemed(redeemer.redeem(other, Endpoint.TOKEN));
        forms.add(Endpoint.request().getBodyAsString());
      }
    }

    assertThat(forms).doesNotHaveDuplicates();
    assertThat(forms.get(0)).contains("secret-1");
    assertThat(forms.get(3)).contains("secret-2");
  }

  @Test
  void twoThousandInParallelMixUpNoToken() throws Exception {
    int tokens = 20;
    int count = 2_000;
    Endpoint.answersEachTokenWithItsOwnSuccessor(tokens);
    Map<Integer, String> successors = new ConcurrentHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      for (Future<?> each :
          IntStream.range(0, count)
              .mapToObj(i -> threads.submit(() -> successors.put(i, successor(i, tokens))))
              .toList()) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }

    assertThat(successors).hasSize(count);
    successors.forEach(
        (i, successor) -> assertThat(successor).isEqualTo("successor-of-" + i % tokens));
  }

  private String successor(int i, int tokens) {
    Grant either = i % 2 == 0 ? grant : at(Endpoint.v1());
    Redemption redemption = redeemer.redeem(either, RefreshToken.of("token-" + i % tokens));
    return redemption instanceof Redeemed redeemed
        ? redeemed.successor().reveal()
        : redemption.toString();
  }
}
