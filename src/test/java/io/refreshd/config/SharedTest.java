package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedTest {

  @TempDir private Path temp;

  @Test
  void whatTheGrantsOfAClientHaveInCommonIsInMemoryOnce() throws Exception {
    List<Grant> grants =
        new ConfigFolder(temp)
            .file("secret", "s")
            .file("refreshd.yaml", "defaults: {sign-in-frequency: 60d}\ninclude: [t.d/*.yaml]\n")
            .file("t.d/a.yaml", tenant("a", 50))
            .file("t.d/b.yaml", tenant("b", 50))
            .load()
            .grants();

    assertThat(grants).hasSize(100);
    assertThat(instances(grants, Grant::client)).hasSize(2);
    assertThat(instances(grants, Grant::endpoint)).hasSize(2);
    assertThat(instances(grants, Grant::cadence)).hasSize(1);
    assertThat(instances(grants, Grant::lifetime)).hasSize(1);
    assertThat(instances(grants, Grant::signInFrequency)).hasSize(1);
    assertThat(instances(grants, grant -> grant.name().tenant())).hasSize(2);
    assertThat(instances(grants, grant -> grant.name().name())).hasSize(50);
  }

  @Test
  void forgetsSoThatItHoldsNoMoreThanIsShared() {
    Shared shared = new Shared();
    Duration first = shared.one(Duration.ofSeconds(1));
    assertThat(shared.one(Duration.ofSeconds(1))).isSameAs(first);

    IntStream.range(2, 20_000).forEach(seconds -> shared.one(Duration.ofSeconds(seconds)));

    assertThat(shared.one(Duration.ofSeconds(1))).isEqualTo(first).isNotSameAs(first);
  }

  private static String tenant(String name, int grants) {
    return """
        tenants:
          - name: %s
            tenant-id: example.org
            client-id: %s
            client-secret: file:../secret
            grants:
        """
            .formatted(name, name)
        + IntStream.range(0, grants)
            .mapToObj(i -> "      - {name: g" + i + ", scopes: [https://" + name + ".example/a]}\n")
            .collect(Collectors.joining());
  }

  private static Set<Object> instances(List<Grant> grants, Function<Grant, Object> part) {
    Set<Object> instances = Collections.newSetFromMap(new IdentityHashMap<>());
    grants.forEach(grant -> instances.add(part.apply(grant)));
    return instances;
  }
}
