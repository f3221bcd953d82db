package io.refreshd.entra;

import io.refreshd.fuzz.Require;
import io.refreshd.fuzz.Scratch;
import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Secret;
import io.refreshd.testing.MutableClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes a file that is to hold a client's key and certificate: once as PEM, once as PFX. */
public final class CertificateFuzz {

  private static final Path FOLDER = Scratch.folder();
  private static final Secret PASSWORD = Secret.of("password");

  private CertificateFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    ClientCertificates certificates = new ClientCertificates(new MutableClock());
    for (String name : List.of("client.pem", "client.pfx")) {
      Path file = Scratch.write(FOLDER.resolve(name), input);
      List<String> problems = new ArrayList<>();
      Certificate certificate = certificates.inspect(file, PASSWORD, problems::add, problems::add);
      Require.that(certificate.file().equals(file), "another file");
      problems.forEach(problem -> Require.line(problem, 1000));
    }
  }
}
