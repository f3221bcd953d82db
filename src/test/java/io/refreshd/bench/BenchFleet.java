package io.refreshd.bench;

import io.refreshd.grant.Cadence;
import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.grant.Secret;
import io.refreshd.grant.TokenEndpoint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Grants of one application in many tenants, a hundred users in each. */
final class BenchFleet {

  static final int GRANTS_PER_TENANT = 100;

  private static final Client CLIENT =
      new Client(
          "66666666-7777-8888-9999-000000000000",
          new Client.ClientSecret(Secret.of("bench-client-secret")));
  private static final List<String> SCOPES =
      List.of("https://api.partnercenter.microsoft.com/user_impersonation");
  private static final Cadence WEEKLY = new Cadence.Every(Duration.ofDays(7));

  private final List<TokenEndpoint> endpoints;

  /** Made once, as a daemon has those of its configuration. */
  private final Grant[] grants;

  BenchFleet(URI endpoint, int size) {
    int tenants = (size + GRANTS_PER_TENANT - 1) / GRANTS_PER_TENANT;
    this.endpoints =
        IntStream.range(0, tenants)
            .<TokenEndpoint>mapToObj(
                tenant -> new TokenEndpoint.V2(endpoint, "tenant-" + tenant + ".example", SCOPES))
            .toList();
    this.grants = IntStream.range(0, size).mapToObj(this::made).toArray(Grant[]::new);
  }

  int size() {
    return grants.length;
  }

  Grant grant(int number) {
    return grants[number];
  }

  private Grant made(int number) {
    int tenant = number / GRANTS_PER_TENANT;
    return new Grant(
        new GrantName("tenant-" + tenant, "user-" + number % GRANTS_PER_TENANT),
        endpoints.get(tenant),
        CLIENT,
        RefreshTokens.REUSABLE,
        WEEKLY,
        Duration.ofDays(90),
        null,
        null);
  }
}
