package io.refreshd.testing;

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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sample grants: as the defaults of the configuration make them, unless a test says otherwise. */
public final class Grants {

  private final GrantName name;
  private TokenEndpoint endpoint =
      new TokenEndpoint.V2(
          URI.create("https://login.microsoftonline.com"),
          "11111111-2222-3333-4444-555555555555",
          List.of("https://api.partnercenter.microsoft.com/user_impersonation"));
  private List<Client.Credential> credentials =
      List.of(new Client.ClientSecret(Secret.of("client-secret")));
  private RefreshTokens refreshTokens = RefreshTokens.REUSABLE;
  private Cadence cadence = new Cadence.Every(Duration.ofDays(7));
  private Duration lifetime = Duration.ofDays(90);
  private @Nullable Duration signInFrequency;
  private @Nullable Duration rememberMfa;

  private Grants(GrantName name) {
    this.name = name;
  }

  /** Starts from a grant of that name, {@code tenant/name}. */
  public static Grants named(String name) {
    return new Grants(GrantName.parse(name));
  }

  /** A grant with every default. */
  public static Grant sample() {
    return named("germany/live").build();
  }

  /** A partner's markets, each with a live and a sandbox grant: 24 for 12 markets. */
  public static List<Grant> fleet(int markets) {
    return IntStream.rangeClosed(1, markets)
        .boxed()
        .flatMap(n -> List.of("market-" + n + "/live", "market-" + n + "/sandbox").stream())
        .map(name -> named(name).build())
        .toList();
  }

  /** Entra's v2 endpoint of another tenant. */
  public static TokenEndpoint tenant(String tenantId) {
    return new TokenEndpoint.V2(
        URI.create("https://login.microsoftonline.com"), tenantId, List.of("scope"));
  }

  public Grants endpoint(TokenEndpoint endpoint) {
    this.endpoint = endpoint;
    return this;
  }

  public Grants credential(Client.Credential credential) {
    this.credentials = List.of(credential);
    return this;
  }

  /** Client secrets, the preferred first. */
  public Grants secrets(String... secrets) {
    this.credentials =
        Stream.of(secrets)
            .<Client.Credential>map(secret -> new Client.ClientSecret(Secret.of(secret)))
            .toList();
    return this;
  }

  public Grants singleUse() {
    this.refreshTokens = RefreshTokens.SINGLE_USE;
    return this;
  }

  public Grants rotateEvery(Duration interval) {
    this.cadence = new Cadence.Every(interval);
    return this;
  }

  public Grants rotateCron(String expression) {
    this.cadence = new Cadence.Cron(expression);
    return this;
  }

  public Grants lifetime(Duration lifetime) {
    this.lifetime = lifetime;
    return this;
  }

  public Grants signInFrequency(Duration frequency) {
    this.signInFrequency = frequency;
    return this;
  }

  public Grants rememberMfa(Duration limit) {
    this.rememberMfa = limit;
    return this;
  }

  public Grant build() {
    return new Grant(
        name,
        endpoint,
        new Client("66666666-7777-8888-9999-000000000000", credentials),
        refreshTokens,
        cadence,
        lifetime,
        signInFrequency,
        rememberMfa);
  }
}
