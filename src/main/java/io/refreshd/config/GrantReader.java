package io.refreshd.config;

import io.refreshd.grant.Cadence;
import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.grant.TokenEndpoint;
import java.time.Duration;
import java.util.Optional;

/** Reads one grant with what it inherits. */
final class GrantReader {

  private final Clients clients;
  private final Schedules schedules;
  private final PolicyFiles policies;
  private final Shared shared = new Shared();

  GrantReader(Clients clients, Schedules schedules, PolicyFiles policies) {
    this.clients = clients;
    this.schedules = schedules;
    this.policies = policies;
  }

  /** Reports what is wrong with one level by itself, whether or not a grant uses it. */
  void check(Fields fields) {
    fields.check();
    clients.check(fields);
    schedules.check(fields);
    policies.check(fields);
  }

  /** The grant; empty if a problem was reported that leaves none. */
  Optional<Grant> read(Layers in) {
    String tenant = in.tenant().value(Keys.NAME);
    String name = shared.one(in.grant().value(Keys.NAME));
    TokenEndpoint endpoint = shared.one(Endpoints.read(in));
    Client client = shared.one(clients.read(in));
    RefreshTokens refreshTokens = in.value(Keys.REFRESH_TOKENS);
    Cadence cadence = shared.one(StandardLives.cadence(in, endpoint, schedules));
    Duration lifetime = shared.one(StandardLives.lifetime(in, endpoint));
    Duration signInFrequency = shared.one(in.value(Keys.SIGN_IN_FREQUENCY));
    Duration rememberMfa = shared.one(in.value(Keys.REMEMBER_MFA));
    if (cadence != null && lifetime != null) {
      schedules.check(in, cadence, lifetime);
    }
    if (tenant == null
        || name == null
        || endpoint == null
        || client == null
        || refreshTokens == null
        || cadence == null
        || lifetime == null) {
      return Optional.empty();
    }
    GrantName grant = new GrantName(tenant, name);
    return Optional.of(
        new Grant(
            grant,
            endpoint,
            client,
            refreshTokens,
            cadence,
            lifetime,
            signInFrequency,
            rememberMfa));
  }
}
