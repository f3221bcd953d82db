package io.refreshd.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.sandbox.Trouble.LostAnswer;
import io.refreshd.sandbox.Trouble.NoAnswer;
import io.refreshd.sandbox.Trouble.NoRefreshToken;
import io.refreshd.sandbox.Trouble.Outage;
import io.refreshd.sandbox.Trouble.Slow;
import io.refreshd.sandbox.Trouble.Throttled;
import io.refreshd.sandbox.Trouble.Unavailable;
import io.refreshd.sandbox.Troubles.Everyone;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SandboxTroublesTest extends SandboxFixture {

  private static final Everyone EVERYONE = new Everyone();

  @Test
  void throttlingIsPlainTextWithAWait() throws Exception {
    sandbox.troubles().begin(EVERYONE, new Throttled(Duration.ofMinutes(1)));
    HttpResponse<String> answer = v2(token).send();

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.body()).isEqualTo("Too Many Requests");
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("60");
  }

  @Test
  void anOutageIsAPageOfHtml() throws Exception {
    sandbox.troubles().begin(EVERYONE, new Outage());
    HttpResponse<String> answer = v2(token).send();

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).startsWith("<!DOCTYPE html>");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
  }

  @Test
  void theServerItselfMayAskToTryAgain() throws Exception {
    sandbox.troubles().begin(EVERYONE, new Unavailable());
    HttpResponse<String> answer = v2(token).send();

    assertThat(answer.statusCode()).isEqualTo(503);
    JsonNode error = TokenCall.parse(answer.body());
    assertThat(error.get("error").stringValue()).isEqualTo("temporarily_unavailable");
    assertThat(error.get("error_codes").toString()).isEqualTo("[90033]");
  }

  @Test
  void noAnswerRedeemsNothing() {
    sandbox.troubles().begin(EVERYONE, new NoAnswer());

    assertThatThrownBy(() -> v2(token).send()).isInstanceOf(IOException.class);
    assertThat(chain().newest()).isEqualTo(token);
    assertThat(chain().redemptions()).isZero();
  }

  @Test
  void aLostAnswerIsARedemption() throws Exception {
    sandbox.troubles().begin(EVERYONE, new LostAnswer());

    assertThatThrownBy(() -> v2(token).send()).isInstanceOf(IOException.class);
    assertThat(chain().redemptions()).isPositive();
    assertThat(chain().newest()).isNotEqualTo(token);
    sandbox.troubles().endAll();
    assertThat(v2(token).send().statusCode()).isEqualTo(200);
  }

  @Test
  void anAnswerMayLackTheRefreshToken() throws Exception {
    sandbox.troubles().begin(EVERYONE, new NoRefreshToken());
    JsonNode answer = v1(token).json();

    assertThat(answer.has("access_token")).isTrue();
    assertThat(answer.has("refresh_token")).isFalse();
    assertThat(chain().redemptions()).isZero();
  }

  @Test
  void redemptionsAtOnceAreSeen() throws Exception {
    v2(token).send();
    v2(token).send();
    assertThat(chain().mostConcurrent()).isEqualTo(1);

    sandbox.troubles().begin(EVERYONE, new Slow(Duration.ofMillis(500)));
    List<CompletableFuture<HttpResponse<String>>> calls =
        Stream.generate(() -> v2(token).sendAsync()).limit(3).toList();
    for (CompletableFuture<HttpResponse<String>> call : calls) {
      assertThat(call.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    assertThat(chain().mostConcurrent()).isBetween(2, 3);
    assertThat(chain().requests()).isEqualTo(5);
    assertThat(chain().redemptions()).isEqualTo(5);
  }

  @Test
  void theNewestTwoTokensAreKnown() throws Exception {
    assertThat(chain().previous()).isNull();
    String second = v2(token).refreshToken();

    assertThat(chain().newest()).isEqualTo(second);
    assertThat(chain().previous()).isEqualTo(token);
    assertThat(chain().signedInAt()).isEqualTo(START);
  }

  @Test
  void aClosedSandboxRefusesConnections() {
    sandbox.close();

    assertThatThrownBy(() -> v2(token).send()).isInstanceOf(IOException.class);
  }
}
