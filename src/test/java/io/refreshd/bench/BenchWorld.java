package io.refreshd.bench;

import io.refreshd.store.BulkLoad;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A folder with what a daemon needs to keep a fleet alive: its configuration, a store that has a
 * token for each grant, and processes of the packaged jar at work with them.
 */
final class BenchWorld {

  /** Runs the jar that the build made. */
  private static final Path LAUNCHER = Path.of("config/refreshd").toAbsolutePath();

  /** A file may have a mebibyte. */
  private static final int TENANTS_PER_FILE = 100;

  private final Path folder;
  private final String storeUrl;
  private final int grants;

  private BenchWorld(Path folder, String storeUrl, int grants) {
    this.folder = folder;
    this.storeUrl = storeUrl;
    this.grants = grants;
  }

  /** Makes what an installation makes once, so that commands start fast. */
  static void install() throws IOException, InterruptedException {
    CommandCost.of(
        new ProcessBuilder(LAUNCHER.toString(), "--make-archive")
            .redirectErrorStream(true)
            .redirectOutput(File.createTempFile("refreshd-archive-", ".out")));
  }

  /**
   * Makes one.
   *
   * @param storeUrl empty for a SQLite file in the folder
   */
  static BenchWorld create(Path folder, String storeUrl, URI endpoint, int grants)
      throws IOException {
    Files.createDirectories(folder);
    String url = storeUrl.isEmpty() ? "jdbc:sqlite:" + folder.resolve("refreshd.db") : storeUrl;
    BenchWorld world = new BenchWorld(folder, url, grants);
    world.writeConfig(endpoint);
    BenchFleet fleet = new BenchFleet(endpoint, grants);
    new BulkLoad(BulkLoad.location(url, folder), Clock.systemUTC())
        .fill(grants, number -> fleet.grant(number).name());
    return world;
  }

  /** As a program would write it that sells seats: a file for some tenants, and names in it. */
  private void writeConfig(URI endpoint) throws IOException {
    // the user does not belong into the URL of a configuration
    String url = storeUrl.replace("user=postgres&", "");
    String head =
        """
        store: { url: '%s', key: 'file:refreshd.key' }
        log: { file: rotation.log }
        defaults:
          authority: %s
          scopes: ['https://api.partnercenter.microsoft.com/user_impersonation']
        include: [tenants.d/*.yaml]
        """
            .formatted(url, endpoint);
    Files.writeString(
        config(), url.equals(storeUrl) ? head : head.replace("key:", "username: postgres, key:"));
    Path parts = Files.createDirectories(folder.resolve("tenants.d"));
    int tenants = (grants + BenchFleet.GRANTS_PER_TENANT - 1) / BenchFleet.GRANTS_PER_TENANT;
    for (int from = 0; from < tenants; from += TENANTS_PER_FILE) {
      int to = Math.min(tenants, from + TENANTS_PER_FILE);
      try (BufferedWriter yaml = Files.newBufferedWriter(parts.resolve(from + ".yaml"))) {
        yaml.write("tenants:\n");
        for (int tenant = from; tenant < to; tenant++) {
          writeTenant(yaml, tenant);
        }
      }
    }
  }

  private void writeTenant(BufferedWriter yaml, int tenant) throws IOException {
    yaml.write(
        """
          - name: tenant-%d
            tenant-id: tenant-%d.example
            client-id: 66666666-7777-8888-9999-000000000000
            client-secret: env:BENCH_SECRET
            grants:
        """
            .formatted(tenant, tenant));
    int first = tenant * BenchFleet.GRANTS_PER_TENANT;
    int size = Math.min(BenchFleet.GRANTS_PER_TENANT, grants - first);
    for (int user = 0; user < size; user++) {
      yaml.write("      - name: user-" + user + "\n");
    }
  }

  Path config() {
    return folder.resolve("refreshd.yaml");
  }

  /**
   * A command of the packaged program that has not been started.
   *
   * @param javaOptions more flags for the JVM than the launcher's own
   */
  ProcessBuilder refreshd(String javaOptions, String... arguments) {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "REFRESHD_CONFIG",
                config().toString(),
                "BENCH_SECRET",
                "bench-client-secret",
                "STATE_DIRECTORY",
                folder.toString(),
                "REFRESHD_JAVA_OPTS",
                javaOptions));
    return builder.redirectError(output("err")).redirectOutput(output("out"));
  }

  private File output(String end) {
    try {
      return Files.createTempFile(folder, "refreshd-", "." + end).toFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
