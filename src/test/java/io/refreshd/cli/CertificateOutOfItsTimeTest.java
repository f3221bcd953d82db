package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.bench.SelfSigned;
import io.refreshd.testing.MutableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One certificate that is over, or not yet valid, is its own clients' trouble. */
class CertificateOutOfItsTimeTest {

  @TempDir private Path folder;

  @Test
  void theOtherTenantsAreServedAndCheckFails() throws Exception {
    Path keystore = SelfSigned.in(folder).keystore();
    Path yaml = folder.resolve("refreshd.yaml");
    Files.writeString(
        yaml,
        """
        store: { url: "jdbc:sqlite:refreshd.db" }
        defaults: { tenant-id: example.org, client-id: c, scopes: [s] }
        tenants:
          - name: germany
            client-certificate: file:%s
            client-certificate-password: env:PASSWORD
            grants: [{ name: live }]
          - { name: france, grants: [{ name: live }] }
        """
            .formatted(keystore));
    MutableClock clock = new MutableClock();
    Terminal terminal =
        new Terminal(folder, clock)
            .with("REFRESHD_CONFIG", yaml.toString())
            .with("PASSWORD", SelfSigned.PASSWORD);

    for (Instant outOfTime : new Instant[] {Instant.EPOCH, Instant.parse("2126-01-01T00:00:00Z")}) {
      clock.set(outOfTime);
      Terminal.Result served =
          terminal.runWith("0.token", "import", "france/live", "--no-redeem", "--new-user");
      Terminal.Result check = terminal.run("check");

      assertThat(served.exit()).as(served.err()).isZero();
      assertThat(served.err())
          .containsPattern(
              "warning: .*:5:25: tenants.germany..client-certificate: .* the certificate"
                  + " (expired at|is valid only from) ");
      assertThat(check.exit()).isEqualTo(Refreshd.USAGE);
      assertThat(check.err())
          .contains(":5:25: tenants[germany].client-certificate: ", "has 1 problem");
    }
  }
}
