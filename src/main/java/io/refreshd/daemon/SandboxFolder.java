package io.refreshd.daemon;

import io.refreshd.grant.GrantName;
import io.refreshd.sandbox.SandboxCast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/**
 * All that it takes to keep a sandbox's grants alive, in one folder: the configuration, a file per
 * client secret, and a file per first token. The store comes to stand there as well.
 *
 * @param folder where
 */
record SandboxFolder(Path folder) {

  /**
   * Makes the folder.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one already: its store would hold
   *     tokens that this sandbox never issued
   */
  static SandboxFolder write(Path folder, SandboxCast cast, Duration rotateEvery, Duration lifetime)
      throws IOException {
    SandboxFolder made = new SandboxFolder(folder);
    Files.createDirectory(folder, mode("rwx------"));
    for (SandboxCast.Market market : cast.markets()) {
      made.write(market.name() + ".secret", market.secret());
    }
    for (SandboxCast.Member member : cast.members()) {
      made.write(tokenFile(GrantName.parse(member.grant())), member.refreshToken());
    }
    String store = "store:\n  url: jdbc:sqlite:refreshd.db\n";
    made.write(
        "refreshd.yaml",
        store + cast.yaml(rotateEvery, lifetime, market -> "file:" + market + ".secret"));
    return made;
  }

  Path config() {
    return folder.resolve("refreshd.yaml");
  }

  Path token(GrantName grant) {
    return folder.resolve(tokenFile(grant));
  }

  private static String tokenFile(GrantName grant) {
    return grant.tenant() + "-" + grant.name() + ".token";
  }

  private void write(String name, String text) throws IOException {
    Path file = Files.createFile(folder.resolve(name), mode("rw-------"));
    Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
  }

  private static java.nio.file.attribute.FileAttribute<?> mode(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }
}
