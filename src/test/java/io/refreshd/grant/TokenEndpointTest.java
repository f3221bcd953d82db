package io.refreshd.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEndpointTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"https://login.microsoftonline.com", "https://login.microsoftonline.com/"})
  void theUrlFollowsFromAuthorityTenantAndVersion(URI authority) {
    assertThat(new TokenEndpoint.V2(authority, "contoso.com", List.of()).uri())
        .hasToString("https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token");
    assertThat(new TokenEndpoint.V1(authority, "contoso.com", "https://api").uri())
        .hasToString("https://login.microsoftonline.com/contoso.com/oauth2/token");
  }
}
