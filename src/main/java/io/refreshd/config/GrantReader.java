package io.refreshd.config;

import io.refreshd.grant.Cadence;
import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.grant.TokenEndpoint;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one grant with what it inherits. */
final class GrantReader {

  private final Clients clients;
  private final Schedules schedules;
  private final PolicyFiles policies;
  private final Shared shared = new Shared();

  /** The tenant whose grants are being read, and what they are if they give nothing themselves. */
  private @Nullable Fields inheritors;

  private @Nullable Nature inheritance;

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
    Nature nature = in.isAllInherited() ? inherited(in) : nature(in);
    return tenant == null || name == null || nature == null
        ? Optional.empty()
        : Optional.of(nature.named(new GrantName(tenant, name)));
  }

  /** Found out once for a tenant: most grants give their name and nothing else. */
  private @Nullable Nature inherited(Layers in) {
    if (inheritors != in.tenant()) {
      inheritors = in.tenant();
      inheritance = nature(in);
    }
    return inheritance;
  }

  private @Nullable Nature nature(Layers in) {
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
    return endpoint == null
            || client == null
            || refreshTokens == null
            || cadence == null
            || lifetime == null
        ? null
        : new Nature(
            endpoint, client, refreshTokens, cadence, lifetime, signInFrequency, rememberMfa);
  }

  /** All of a grant but its name. */
  private record Nature(
      TokenEndpoint endpoint,
      Client client,
      RefreshTokens refreshTokens,
      Cadence cadence,
      Duration lifetime,
      @Nullable Duration signInFrequency,
      @Nullable Duration rememberMfa) {

    Grant named(GrantName name) {
      return new Grant(
          name, endpoint, client, refreshTokens, cadence, lifetime, signInFrequency, rememberMfa);
    }
  }
}
