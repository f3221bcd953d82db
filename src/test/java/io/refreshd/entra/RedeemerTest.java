package io.refreshd.entra;

import io.refreshd.grant.Grant;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;

/** A redeemer with the limits of the daemon, and what tests ask of it. */
abstract class RedeemerTest {

  final MutableClock clock = new MutableClock();
  final EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock);

  @AfterEach
  void close() {
    redeemer.close();
  }

  static Grant at(TokenEndpoint endpoint) {
    return Grants.named("germany/live").endpoint(endpoint).build();
  }

  Redemption redeem() {
    return redeemer.redeem(at(Endpoint.v2("https://api.test/x")), Endpoint.TOKEN);
  }

  Redeemed redeemed(Redemption redemption) {
    return Assertions.assertThat(redemption)
        .asInstanceOf(InstanceOfAssertFactories.type(Redeemed.class))
        .actual();
  }

  Refused refused(Redemption redemption) {
    return Assertions.assertThat(redemption)
        .asInstanceOf(InstanceOfAssertFactories.type(Refused.class))
        .actual();
  }

  /** What is made of an answer of the endpoint. */
  Redeemed success(int status, String body) {
    Endpoint.answers(status, body);
    return redeemed(redeem());
  }

  Refused refusal(int status, String body) {
    Endpoint.answers(status, body);
    return refused(redeem());
  }
}
