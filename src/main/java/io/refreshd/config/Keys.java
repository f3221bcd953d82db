package io.refreshd.config;

import static io.refreshd.config.Level.CHANNEL;
import static io.refreshd.config.Level.DEFAULTS;
import static io.refreshd.config.Level.GRANT;
import static io.refreshd.config.Level.INCLUDED;
import static io.refreshd.config.Level.LOG;
import static io.refreshd.config.Level.STORE;
import static io.refreshd.config.Level.TENANT;
import static io.refreshd.config.Level.TOP;
import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import io.refreshd.config.Node.Mapping;
import io.refreshd.config.Node.Scalar;
import io.refreshd.config.Node.Sequence;
import io.refreshd.grant.RefreshTokens;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The table of all keys. What is not in it is unknown. */
final class Keys {

  static final String REQUIRED = "required";

  private static final Set<Level> ANY_GRANT = Set.of(DEFAULTS, TENANT, GRANT);

  static final Key<Mapping> STORE_SECTION =
      new Key<>(
          "store",
          Set.of(TOP),
          Values.MAPPING,
          null,
          "see its keys",
          "Where the tokens are kept.",
          "{url: 'jdbc:sqlite:/var/lib/refreshd/refreshd.db'}");

  static final Key<StoreUrl> STORE_URL =
      new Key<>(
          "url",
          Set.of(STORE),
          Values.STORE_URL,
          null,
          "refreshd.db in $STATE_DIRECTORY, else in the working directory",
          "The SQLite file, or the PostgreSQL database, that holds the sealed tokens and the rotation log.",
          "jdbc:sqlite:/var/lib/refreshd/refreshd.db");

  static final Key<String> STORE_USERNAME =
      new Key<>(
          "username",
          Set.of(STORE),
          Values.WORD,
          null,
          "as the PostgreSQL driver has it: the user of the process",
          "The role that signs in to PostgreSQL.",
          "refreshd");

  static final Key<Reference> STORE_PASSWORD =
      new Key<>(
          "password",
          Set.of(STORE),
          Values.SECRET,
          null,
          "none: the server lets the role in otherwise, or not at all",
          "Where the password of that role is.",
          "credential:db-password");

  static final Key<Path> STORE_DIRECTORY =
      new Key<>(
          "directory",
          Set.of(STORE),
          Values.PATH,
          null,
          "$STATE_DIRECTORY, else the working directory",
          "With PostgreSQL: the folder of this machine's own files (lock, spool, head of the log).",
          "/var/lib/refreshd");

  static final Key<Path> STORE_KEY =
      new Key<>(
          "key",
          Set.of(STORE),
          Values.FILE_REFERENCE,
          null,
          "refreshd.key beside the SQLite file; with PostgreSQL in store.directory",
          "The file of the sealing key, made on the first start with mode 0600.",
          "file:/var/lib/refreshd/refreshd.key");

  static final Key<Mapping> LOG_SECTION =
      new Key<>(
          "log",
          Set.of(TOP),
          Values.MAPPING,
          null,
          "see its keys",
          "The rotation log as a file.",
          "{file: /var/log/refreshd/rotation.log}");

  static final Key<Path> LOG_FILE =
      new Key<>(
          "file",
          Set.of(LOG),
          Values.PATH,
          null,
          "rotation.log in $LOGS_DIRECTORY, else beside the SQLite file; with PostgreSQL in store.directory",
          "The rolling file of JSON lines that the rotation log is also written to.",
          "/var/log/refreshd/rotation.log");

  static final Key<Integer> CONCURRENCY =
      new Key<>(
          "concurrency",
          Set.of(TOP),
          Values.COUNT,
          "16",
          "16",
          "How many redemptions are in flight at once, at most.",
          "16");

  static final Key<Integer> TENANT_CONCURRENCY =
      new Key<>(
          "tenant-concurrency",
          Set.of(TOP),
          Values.COUNT,
          "4",
          "4",
          "How many redemptions of one tenant are in flight at once, at most.",
          "4");

  static final Key<Mapping> DEFAULTS_SECTION =
      new Key<>(
          "defaults",
          Set.of(TOP),
          Values.MAPPING,
          null,
          "none",
          "Keys of a grant that hold for every tenant and grant that does not give its own.",
          "{rotate-every: 7d}");

  static final Key<List<Scalar>> INCLUDE =
      new Key<>(
          "include",
          Set.of(TOP),
          Values.GLOBS,
          null,
          "none",
          "Files with more tenants; * and ? match within one name, and files are read by name.",
          "[tenants.d/*.yaml]");

  static final Key<Sequence> TENANTS =
      new Key<>(
          "tenants",
          Set.of(TOP, INCLUDED),
          Values.LIST,
          null,
          "those of the included files",
          "The tenants, each with its grants.",
          "[{name: germany, grants: [{name: live}]}]");

  static final Key<String> NAME =
      new Key<>(
          "name",
          Set.of(CHANNEL, TENANT, GRANT),
          Values.NAME,
          null,
          REQUIRED,
          "What people call the tenant, the grant in it or the channel; tenant/grant names a grant"
              + " everywhere.",
          "germany");

  static final Key<Sequence> GRANTS =
      new Key<>(
          "grants",
          Set.of(TENANT),
          Values.LIST,
          null,
          REQUIRED,
          "The grants of the tenant, each one user's consent to one client.",
          "[{name: live}]");

  static final Key<URI> AUTHORITY =
      new Key<>(
          "authority",
          ANY_GRANT,
          Values.AUTHORITY,
          "https://login.microsoftonline.com",
          "https://login.microsoftonline.com",
          "The sign-in service, for national clouds another one.",
          "https://login.microsoftonline.us");

  static final Key<String> ENDPOINT =
      new Key<>(
          "endpoint",
          ANY_GRANT,
          Values.ENDPOINT,
          "v2",
          "v2",
          "Which of Entra's token endpoints: v2 asks by scopes, v1 by resource.",
          "v1");

  static final Key<String> TENANT_ID =
      new Key<>(
          "tenant-id",
          ANY_GRANT,
          Values.TENANT_ID,
          null,
          "required without token-endpoint",
          "The directory that gave the consent: its id or a domain of it.",
          "11111111-2222-3333-4444-555555555555");

  static final Key<URI> TOKEN_ENDPOINT =
      new Key<>(
          "token-endpoint",
          ANY_GRANT,
          Values.URL,
          null,
          "built from authority, tenant-id and endpoint",
          "The token endpoint of any OAuth server, instead of Entra's.",
          "https://sso.example.org/realms/main/protocol/openid-connect/token");

  static final Key<RefreshTokens> REFRESH_TOKENS =
      new Key<>(
          "refresh-tokens",
          ANY_GRANT,
          Values.REFRESH_TOKENS,
          "reusable",
          "reusable",
          "Whether a redeemed token lives on (Entra) or is spent (servers that rotate).",
          "single-use");

  static final Key<String> CLIENT_ID =
      new Key<>(
          "client-id",
          ANY_GRANT,
          Values.WORD,
          null,
          REQUIRED,
          "The application that the consent was given to.",
          "66666666-7777-8888-9999-000000000000");

  static final Key<List<Reference>> CLIENT_SECRET =
      new Key<>(
          "client-secret",
          ANY_GRANT,
          CredentialValues.SECRETS,
          null,
          "none: a public client, unless there is a certificate",
          "Where the client's secret is, or where its secrets are, the preferred one first; given"
              + " further in it replaces a certificate too.",
          "credential:germany");

  static final Key<List<Optional<Instant>>> CLIENT_SECRET_EXPIRES =
      new Key<>(
          "client-secret-expires",
          ANY_GRANT,
          CredentialValues.ENDS,
          null,
          "unknown",
          "When the client-secret beside it ends, as the app registration shows; for a list of"
              + " secrets a list of dates.",
          "2027-01-31");

  static final Key<Path> CLIENT_CERTIFICATE =
      new Key<>(
          "client-certificate",
          ANY_GRANT,
          Values.FILE_REFERENCE,
          null,
          "none: a public client, unless there is a secret",
          "The client's certificate with its key: PEM, or PFX by the ending .pfx or .p12.",
          "file:/etc/refreshd/germany.pem");

  static final Key<Reference> CLIENT_CERTIFICATE_PASSWORD =
      new Key<>(
          "client-certificate-password",
          ANY_GRANT,
          Values.SECRET,
          null,
          "none",
          "Where the password of a PFX file is.",
          "env:GERMANY_PFX_PASSWORD");

  static final Key<List<String>> SCOPES =
      new Key<>(
          "scopes",
          ANY_GRANT,
          Values.SCOPES,
          null,
          "required with v2",
          "What is asked for at v2 and at a token-endpoint; offline_access is added at v2.",
          "[https://api.partnercenter.microsoft.com/user_impersonation]");

  static final Key<String> RESOURCE =
      new Key<>(
          "resource",
          ANY_GRANT,
          Values.WORD,
          null,
          "required with v1",
          "The App ID URI of what is asked for at v1.",
          "https://api.partnercenter.microsoft.com");

  static final Key<Duration> ROTATE_EVERY =
      new Key<>(
          "rotate-every",
          ANY_GRANT,
          Values.DURATION,
          "7d",
          "7d",
          "How long after its issue a token is replaced, at most a third of the lifetime.",
          "7d");

  static final Key<String> ROTATE_CRON =
      new Key<>(
          "rotate-cron",
          ANY_GRANT,
          Values.CRON,
          null,
          "none",
          "Instead of rotate-every: the times of rotation, in UTC, as a Quartz cron expression.",
          "\"0 0 3 ? * SUN\"");

  static final Key<Duration> LIFETIME =
      new Key<>(
          "lifetime",
          ANY_GRANT,
          Values.DURATION,
          "90d",
          "90d",
          "What a new refresh token is good for, unless the server's answer says otherwise.",
          "90d");

  static final Key<Duration> SIGN_IN_FREQUENCY =
      new Key<>(
          "sign-in-frequency",
          ANY_GRANT,
          Values.DURATION,
          null,
          "none",
          "How long after a person's sign-in Conditional Access ends the consent; rotation does not"
              + " move it.",
          "30d");

  static final Key<Duration> REMEMBER_MFA =
      new Key<>(
          "remember-mfa",
          ANY_GRANT,
          Values.UP_TO_A_YEAR,
          null,
          "none",
          "How long after a person's sign-in the second factor is remembered, which ends the"
              + " consent too.",
          "90d");

  static final Key<SourceFile> TOKEN_LIFETIME_POLICY =
      new Key<>(
          "token-lifetime-policy",
          ANY_GRANT,
          Values.FILE,
          null,
          "none",
          "The JSON file of a token lifetime policy of the directory; refreshd check explains it,"
              + " and nothing else uses it.",
          "policy.json");

  static final Key<Duration> SURVIVE_OUTAGE =
      new Key<>(
          "survive-outage",
          ANY_GRANT,
          Values.DURATION,
          null,
          "none",
          "How long the endpoint may be away without a token dying; checked against the schedule.",
          "30d");

  /** All of them, in the order of the documentation. */
  static final List<Key<?>> ALL =
      List.of(
          STORE_SECTION,
          STORE_URL,
          STORE_USERNAME,
          STORE_PASSWORD,
          STORE_DIRECTORY,
          STORE_KEY,
          LOG_SECTION,
          LOG_FILE,
          CONCURRENCY,
          TENANT_CONCURRENCY,
          AlertKeys.ALERTS_SECTION,
          AlertKeys.LADDER,
          AlertKeys.SILENCE,
          AlertKeys.CHANNELS,
          AlertKeys.WEBHOOK,
          AlertKeys.FORMAT,
          AlertKeys.TOKEN,
          AlertKeys.SMTP,
          AlertKeys.FROM,
          AlertKeys.TO,
          AlertKeys.USERNAME,
          AlertKeys.PASSWORD,
          AlertKeys.COMMAND,
          AlertKeys.TIMEOUT,
          DEFAULTS_SECTION,
          INCLUDE,
          TENANTS,
          NAME,
          GRANTS,
          AUTHORITY,
          ENDPOINT,
          TENANT_ID,
          TOKEN_ENDPOINT,
          REFRESH_TOKENS,
          CLIENT_ID,
          CLIENT_SECRET,
          CLIENT_SECRET_EXPIRES,
          CLIENT_CERTIFICATE,
          CLIENT_CERTIFICATE_PASSWORD,
          SCOPES,
          RESOURCE,
          ROTATE_EVERY,
          ROTATE_CRON,
          LIFETIME,
          SIGN_IN_FREQUENCY,
          REMEMBER_MFA,
          TOKEN_LIFETIME_POLICY,
          SURVIVE_OUTAGE);

  /** Those of each level by name: a fleet asks for them a million times. */
  private static final Map<Level, Map<String, Key<?>>> BY_NAME =
      Stream.of(Level.values())
          .collect(
              toMap(
                  identity(),
                  level -> at(level).stream().collect(toMap(Key::name, identity())),
                  (one, other) -> one,
                  () -> new EnumMap<>(Level.class)));

  private Keys() {}

  static List<Key<?>> at(Level level) {
    return ALL.stream().filter(key -> key.levels().contains(level)).toList();
  }

  static @Nullable Key<?> find(String name, Level level) {
    return BY_NAME.getOrDefault(level, Map.of()).get(name);
  }

  /** What to say of a key that may not stand at the level. */
  static String unknown(String name, Level level) {
    int colon = name.indexOf(':');
    if (colon >= 0 && find(name.substring(0, colon), level) != null) {
      return "has no blank after its colon; would have one";
    }
    Optional<Key<?>> elsewhere = ALL.stream().filter(key -> key.name().equals(name)).findFirst();
    if (elsewhere.isPresent()) {
      return "is not allowed "
          + level.here()
          + "; it belongs "
          + Level.anyOf(elsewhere.get().levels());
    }
    return nearest(name, level);
  }

  private static String nearest(String name, Level level) {
    List<String> here = at(level).stream().map(Key::name).toList();
    Optional<String> meant = Nearest.find(name, here);
    if (meant.isPresent()) {
      return "unknown key; did you mean " + meant.get() + "?";
    }
    return Nearest.find(name, ALL.stream().map(Key::name).toList())
        .map(other -> "unknown key; did you mean " + other + "? it " + unknown(other, level))
        .orElseGet(() -> "unknown key; known " + level.here() + ": " + String.join(", ", here));
  }
}
