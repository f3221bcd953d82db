package io.refreshd.bench;

import io.refreshd.testing.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts what is compared, each in a process of its own, with what it keeps in a folder. */
final class Peers {

  private static final int GRANTS = 1_000;

  /** Installed by npm where it is missing, below the build's own folder. */
  private static final Path OPENID_CLIENT = Path.of("target", "openid-client").toAbsolutePath();

  private static final String OPENID_CLIENT_VERSION = "6.9.0";

  private final Path folder;
  private final URI endpoint;
  private final List<String> trustingFlags;
  private final Map<String, String> environment;
  private final List<String> refreshdFlags;

  /**
   * What is compared.
   *
   * @param tls what an https endpoint speaks as; {@code null} if it speaks http
   * @param disk the environment of a process that syncs
   * @param refreshdFlags of the JVM that refreshd runs in; the others have their defaults
   */
  Peers(
      Path folder,
      URI endpoint,
      @Nullable SelfSigned tls,
      Map<String, String> disk,
      List<String> refreshdFlags) {
    this.folder = folder;
    this.endpoint = endpoint;
    this.trustingFlags = tls == null ? List.of() : tls.trustingFlags();
    this.environment = new HashMap<>(disk);
    if (tls != null) {
      environment.putAll(tls.trustingEnvironment());
    }
    this.refreshdFlags = List.copyOf(refreshdFlags);
  }

  /** What is compared. */
  enum Peer {
    REFRESHD_SQLITE("refreshd, SQLite", 16),
    RAW_SQLITE("the limit: raw loop, SQLite", 16),
    SHELL("bash, curl, jq, mv; fsync", 1),
    PYTHON("Python, urllib; fsync", 1),
    NODE("Node, openid-client; fsync", 16),
    REFRESHD_POSTGRESQL("refreshd, PostgreSQL", 16),
    RAW_POSTGRESQL("the limit: raw loop, PostgreSQL", 16),
    SPRING("Spring Security's client, PostgreSQL", 16, true),
    SPRING_APACHE("the same over Apache HttpClient", 16);

    private final String described;
    private final int inFlight;
    private final boolean alsoOne;

    Peer(String described, int inFlight) {
      this(described, inFlight, false);
    }

    Peer(String described, int inFlight, boolean alsoOne) {
      this.described = described;
      this.inFlight = inFlight;
      this.alsoOne = alsoOne;
    }

    String described() {
      return described;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    int mostInFlight() {
      return inFlight;
    }

    boolean isScript() {
      return this == SHELL || this == PYTHON || this == NODE;
    }

    List<Integer> inFlight() {
      return alsoOne ? List.of(1, inFlight) : List.of(inFlight);
    }
  }

  /** What it needs and this machine has not. */
  Optional<String> missing(Peer peer) throws IOException, InterruptedException {
    return switch (peer) {
      case REFRESHD_SQLITE, RAW_SQLITE -> Optional.empty();
      case SHELL -> missing("bash", "curl", "jq");
      case PYTHON -> missing("python3");
      case NODE -> missing("node", "npm").or(Peers::missingOpenidClient);
      case REFRESHD_POSTGRESQL, RAW_POSTGRESQL, SPRING, SPRING_APACHE -> Machine.missingPostgres();
    };
  }

  private static Optional<String> missing(String... programs) {
    return List.of(programs).stream().filter(program -> !Machine.has(program)).findFirst();
  }

  private static Optional<String> missingOpenidClient() {
    if (Files.isDirectory(OPENID_CLIENT.resolve("node_modules/openid-client"))) {
      return Optional.empty();
    }
    try {
      Files.createDirectories(OPENID_CLIENT);
      Process npm =
          new ProcessBuilder(
                  List.of(
                      "npm",
                      "install",
                      "--no-audit",
                      "--no-fund",
                      "--prefix",
                      OPENID_CLIENT.toString(),
                      "openid-client@" + OPENID_CLIENT_VERSION))
              .redirectErrorStream(true)
              .redirectOutput(OPENID_CLIENT.resolve("npm.out").toFile())
              .start();
      return npm.waitFor() == 0
          ? Optional.empty()
          : Optional.of("openid-client (npm could not install it: " + OPENID_CLIENT + "/npm.out)");
    } catch (IOException e) {
      return Optional.of("openid-client (" + e.getMessage() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("openid-client");
    }
  }

  /** The PostgreSQL server that works for it; empty if none does. */
  String server(Peer peer) {
    return switch (peer) {
      case REFRESHD_POSTGRESQL, RAW_POSTGRESQL, SPRING, SPRING_APACHE -> PostgresServer.url();
      case REFRESHD_SQLITE, RAW_SQLITE, SHELL, PYTHON, NODE -> "";
    };
  }

  MeasuredProcess start(Peer peer) throws IOException {
    Path own = Files.createDirectory(folder.resolve(peer.word()));
    String grants = Integer.toString(GRANTS);
    return switch (peer) {
      case REFRESHD_SQLITE -> refreshd("jdbc:sqlite:" + own.resolve("refreshd.db"), own);
      case REFRESHD_POSTGRESQL -> refreshd(PostgresServer.newSchema(), own);
      case RAW_SQLITE -> raw("jdbc:sqlite:" + own.resolve("raw.db"), grants);
      case RAW_POSTGRESQL -> raw(PostgresServer.newSchema(), grants);
      // which HTTP client Spring takes hangs on what it finds; by itself it brings none
      case SPRING -> spring(grants, pathWithout("/httpclient5-"));
      case SPRING_APACHE -> spring(grants, System.getProperty("java.class.path"));
      case SHELL -> script("bash", "rotate.sh", own);
      case PYTHON -> script("python3", "rotate.py", own);
      case NODE -> script("node", "rotate.mjs", own, OPENID_CLIENT.toString());
    };
  }

  private MeasuredProcess refreshd(String store, Path own) throws IOException {
    List<String> flags = new ArrayList<>(refreshdFlags);
    flags.addAll(trustingFlags);
    return MeasuredProcess.startJava(
        flags,
        environment,
        System.getProperty("java.class.path"),
        RefreshdRotations.class,
        store,
        own.toString(),
        endpoint.toString(),
        Integer.toString(GRANTS));
  }

  private MeasuredProcess raw(String store, String grants) throws IOException {
    return MeasuredProcess.startJava(
        trustingFlags,
        environment,
        System.getProperty("java.class.path"),
        RawRotations.class,
        store,
        endpoint.toString(),
        grants);
  }

  private MeasuredProcess spring(String grants, String classPath) throws IOException {
    return MeasuredProcess.startJava(
        trustingFlags,
        environment,
        classPath,
        SpringRotations.class,
        PostgresServer.newSchema(),
        endpoint.toString(),
        grants);
  }

  private static String pathWithout(String library) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains(library))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private MeasuredProcess script(String program, String script, Path own, String... more)
      throws IOException {
    Path file = folder.resolve(script);
    try (InputStream in = Objects.requireNonNull(Peers.class.getResourceAsStream(script))) {
      Files.copy(in, file);
    }
    List<String> command = new ArrayList<>(List.of(program, file.toString()));
    command.addAll(List.of(endpoint.toString(), own.toString(), Integer.toString(GRANTS)));
    command.addAll(List.of(more));
    return MeasuredProcess.start(command, environment);
  }
}
