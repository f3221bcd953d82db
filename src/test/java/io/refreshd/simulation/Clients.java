package io.refreshd.simulation;

import io.refreshd.grant.Grant;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.testing.Grants;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Grants of several clients. */
final class Clients {

  private Clients() {}

  /** Five servers, each with a client of its own, a tenant and two grants. */
  static List<Member> five() {
    return Stage.enrolled(IntStream.range(0, 5).boxed().flatMap(Clients::grants).toList());
  }

  private static Stream<Grant> grants(int number) {
    URI server = URI.create("https://sso" + number + ".example.org/token");
    TokenEndpoint endpoint = new TokenEndpoint.Plain(server, List.of("offline_access"));
    return Stream.of("live", "sandbox")
        .map(name -> Grants.named("tenant-" + number + "/" + name).endpoint(endpoint).build());
  }
}
