package io.refreshd.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.JdbcOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.RefreshTokenOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;

/**
 * A peer: Spring Security's OAuth2 client with its own JDBC service, put together as its reference
 * documentation does for work without a servlet. An access token counts as expired long before it
 * is, so each call refreshes.
 *
 * <p>Arguments: URL of JDBC, endpoint, grants.
 */
final class SpringRotations {

  private static final String REGISTRATION = "bench";
  private static final Duration ALWAYS_EXPIRED = Duration.ofHours(2);
  private static final int CONNECTIONS = 16;

  private final AuthorizedClientServiceOAuth2AuthorizedClientManager manager;
  private final Authentication[] users;

  private SpringRotations(String url, String endpoint, int grants) {
    users =
        IntStream.range(0, grants).mapToObj(SpringRotations::user).toArray(Authentication[]::new);
    ClientRegistration registration = registration(endpoint);
    InMemoryClientRegistrationRepository registrations =
        new InMemoryClientRegistrationRepository(registration);
    JdbcOAuth2AuthorizedClientService service =
        new JdbcOAuth2AuthorizedClientService(new JdbcTemplate(database(url)), registrations);
    for (Authentication user : users) {
      service.saveAuthorizedClient(first(registration, user), user);
    }
    RefreshTokenOAuth2AuthorizedClientProvider provider =
        new RefreshTokenOAuth2AuthorizedClientProvider();
    provider.setClockSkew(ALWAYS_EXPIRED);
    manager = new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, service);
    manager.setAuthorizedClientProvider(provider);
  }

  public static void main(String[] args) throws Exception {
    int grants = Integer.parseInt(args[2]);
    RoundServer.serve(grants, () -> new SpringRotations(args[0], args[1], grants)::rotate);
  }

  private void rotate(int grant) throws Exception {
    OAuth2AuthorizedClient client =
        manager.authorize(
            OAuth2AuthorizeRequest.withClientRegistrationId(REGISTRATION)
                .principal(users[grant])
                .build());
    OAuth2RefreshToken next = client == null ? null : client.getRefreshToken();
    if (next == null || !next.getTokenValue().contains(".100000")) {
      throw RoundServer.unexpected(client);
    }
  }

  private static HikariDataSource database(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(CONNECTIONS);
    HikariDataSource database = new HikariDataSource(config);
    new ResourceDatabasePopulator(
            new ClassPathResource(
                "org/springframework/security/oauth2/client/oauth2-client-schema-postgres.sql"))
        .execute(database);
    return database;
  }

  private static ClientRegistration registration(String endpoint) {
    return ClientRegistration.withRegistrationId(REGISTRATION)
        .clientId("66666666-7777-8888-9999-000000000000")
        .clientSecret("bench-client-secret")
        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
        .redirectUri("http://localhost/back")
        .authorizationUri(endpoint + "/tenant/oauth2/v2.0/authorize")
        .tokenUri(endpoint + "/tenant/oauth2/v2.0/token")
        .scope("https://api.partnercenter.microsoft.com/user_impersonation")
        .build();
  }

  private static Authentication user(int grant) {
    return UsernamePasswordAuthenticationToken.authenticated("grant-" + grant, "", List.of());
  }

  private static OAuth2AuthorizedClient first(
      ClientRegistration registration, Authentication user) {
    Instant now = Clock.systemUTC().instant();
    return new OAuth2AuthorizedClient(
        registration,
        user.getName(),
        new OAuth2AccessToken(
            OAuth2AccessToken.TokenType.BEARER, "first", now.minusSeconds(60), now),
        new OAuth2RefreshToken("1.first-token-of-" + user.getName(), now));
  }
}
