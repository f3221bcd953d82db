package io.refreshd.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A ready set of tenants on a sandbox, as a partner with several markets has them: each market with
 * a live and a sandbox grant, and the YAML that fits. Names and ids are the same in every run,
 * tokens are not.
 */
public final class SandboxCast {

  /** The markets of the demo; more than these are numbered. */
  private static final List<String> MARKETS =
      List.of(
          "germany",
          "france",
          "italy",
          "spain",
          "poland",
          "sweden",
          "norway",
          "denmark",
          "austria",
          "ireland",
          "portugal",
          "greece");

  private static final String RESOURCE = "https://api.partnercenter.microsoft.com";

  private final Sandbox sandbox;
  private final List<Market> markets;

  /**
   * One market: a tenant of the YAML, two directories of the sandbox.
   *
   * @param name of the tenant in the YAML
   * @param clientId registered in both directories
   * @param secret of that client
   * @param live the grant at the v2 endpoint
   * @param sandbox the grant at the v1 endpoint
   */
  public record Market(String name, String clientId, String secret, Member live, Member sandbox) {

    public List<Member> members() {
      return List.of(live, sandbox);
    }
  }

  /**
   * One grant.
   *
   * @param grant its name in the YAML, {@code germany/live}; the user is called the same
   * @param tenantId of its directory
   * @param clientId of its client
   * @param refreshToken the first one
   */
  public record Member(String grant, String tenantId, String clientId, String refreshToken) {}

  private SandboxCast(Sandbox sandbox, List<Market> markets) {
    this.sandbox = sandbox;
    this.markets = markets;
  }

  /** Registers so many markets, and has a person consent to each of their grants. */
  public static SandboxCast enter(Sandbox sandbox, int markets) {
    List<Market> entered = new ArrayList<>();
    for (int i = 0; i < markets; i++) {
      entered.add(market(sandbox, i < MARKETS.size() ? MARKETS.get(i) : "market-" + (i + 1)));
    }
    return new SandboxCast(sandbox, List.copyOf(entered));
  }

  public List<Market> markets() {
    return markets;
  }

  /** All grants, market by market. */
  public List<Member> members() {
    return markets.stream().flatMap(market -> market.members().stream()).toList();
  }

  /** How a grant was used. */
  public Chain chain(Member member) {
    return sandbox.chain(member.tenantId(), member.clientId(), member.grant());
  }

  /**
   * The keys {@code defaults} and {@code tenants} of a configuration that keeps all of them.
   *
   * @param rotateEvery how often
   * @param lifetime what the sandbox was started with
   * @param secretReference from a market's name to where its secret is: {@code file:PATH}
   */
  public String yaml(
      Duration rotateEvery, Duration lifetime, UnaryOperator<String> secretReference) {
    String defaults =
        String.format(
            Locale.ROOT,
            """
            defaults:
              authority: %s
              rotate-every: %s
              lifetime: %s
            tenants:
            """,
            sandbox.authority(),
            word(rotateEvery),
            word(lifetime));
    return markets.stream()
        .map(market -> tenant(market, secretReference.apply(market.name())))
        .collect(Collectors.joining("", defaults, ""));
  }

  private static String tenant(Market market, String secret) {
    return String.format(
        Locale.ROOT,
        """
          - name: %s
            tenant-id: %s
            client-id: %s
            client-secret: %s
            grants:
              - name: live
                scopes: [%s/user_impersonation]
              - name: sandbox
                tenant-id: %s
                endpoint: v1
                resource: %s
        """,
        market.name(),
        market.live().tenantId(),
        market.clientId(),
        secret,
        RESOURCE,
        market.sandbox().tenantId(),
        RESOURCE);
  }

  private static Market market(Sandbox sandbox, String name) {
    String clientId = Guids.of(name + " client");
    String secret = "sandbox-secret-of-" + name;
    return new Market(
        name,
        clientId,
        secret,
        member(sandbox, name + "/live", clientId, secret),
        member(sandbox, name + "/sandbox", clientId, secret));
  }

  private static Member member(Sandbox sandbox, String grant, String clientId, String secret) {
    String tenantId = Guids.of(grant + " tenant");
    sandbox.register(SandboxClient.withSecret(tenantId, clientId, secret));
    return new Member(
        grant, tenantId, clientId, sandbox.issueRefreshToken(tenantId, clientId, grant));
  }

  /** As the configuration writes durations: {@code 7d}, or ISO-8601 for what is no whole unit. */
  private static String word(Duration duration) {
    if (!duration.equals(Duration.ofSeconds(duration.toSeconds()))) {
      return duration.toString();
    }
    if (duration.toSecondsPart() != 0) {
      return duration.toSeconds() + "s";
    }
    if (duration.toMinutesPart() != 0) {
      return duration.toMinutes() + "m";
    }
    return duration.toHoursPart() == 0 ? duration.toDays() + "d" : duration.toHours() + "h";
  }
}
