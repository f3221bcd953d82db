package io.refreshd.daemon;

import io.refreshd.grant.GrantName;
import io.refreshd.sandbox.Sandbox;
import io.refreshd.sandbox.SandboxCast;
import io.refreshd.sandbox.SandboxSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** A sandbox with grants in it, and a folder from which refreshd keeps them alive. */
public final class SandboxRun implements AutoCloseable {

  private final Sandbox sandbox;
  private final SandboxFolder folder;
  private final List<GrantName> grants;

  private SandboxRun(Sandbox sandbox, SandboxFolder folder, List<GrantName> grants) {
    this.sandbox = sandbox;
    this.folder = folder;
    this.grants = grants;
  }

  /**
   * Starts it.
   *
   * @param port 0 for any free one
   * @param folder is made; must not exist
   * @param markets how many, each with a live and a sandbox grant
   * @throws IOException if it cannot listen on the port, or the folder cannot be made
   */
  public static SandboxRun start(
      int port, Path folder, int markets, Duration rotateEvery, Duration lifetime, Clock clock)
      throws IOException {
    Sandbox sandbox = Sandbox.start(port, SandboxSettings.DEFAULT.withLifetime(lifetime), clock);
    try {
      SandboxCast cast = SandboxCast.enter(sandbox, markets);
      SandboxFolder made = SandboxFolder.write(folder, cast, rotateEvery, lifetime);
      List<GrantName> grants =
          cast.members().stream().map(member -> GrantName.parse(member.grant())).toList();
      return new SandboxRun(sandbox, made, grants);
    } catch (IOException | RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  /** Where it listens. */
  public URI authority() {
    return sandbox.authority();
  }

  /** The configuration that keeps its grants alive. */
  public Path config() {
    return folder.config();
  }

  /** Its grants. */
  public List<GrantName> grants() {
    return grants;
  }

  /** The file that holds a grant's first token. */
  public Path token(GrantName grant) {
    return folder.token(grant);
  }

  Sandbox sandbox() {
    return sandbox;
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
