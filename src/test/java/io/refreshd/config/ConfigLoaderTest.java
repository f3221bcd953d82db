package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refreshd.grant.Cadence;
import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.grant.Secret;
import io.refreshd.grant.TokenEndpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

  private static final URI ENTRA = URI.create("https://login.microsoftonline.com");

  private static final String SHORTEST =
      """
      tenants:
        - name: t
          tenant-id: example.org
          client-id: c
          grants: [{name: g, scopes: [s]}]
      """;

  @TempDir Path temp;
  private ConfigFolder folder = new ConfigFolder(Path.of("/"));

  @BeforeEach
  void aFolder() {
    folder = new ConfigFolder(temp);
  }

  /** The file of the product's contract, but for what is not built yet. */
  @Test
  void theContractsExampleLoads() throws ConfigException {
    folder
        .file(
            "refreshd.yaml",
            """
            store:
              url: jdbc:sqlite:/var/lib/refreshd/refreshd.db
              key: file:/var/lib/refreshd/refreshd.key

            defaults:
              authority: https://login.microsoftonline.com
              endpoint: v2                                     # v2: scopes; v1: resource
              rotate-every: 7d
              lifetime: 90d

            include: [tenants.d/*.yaml]

            tenants:
              - name: germany
                tenant-id: 11111111-2222-3333-4444-555555555555
                client-id: 66666666-7777-8888-9999-000000000000
                client-secret: credential:germany
                grants:
                  - name: live
                    scopes: [https://api.partnercenter.microsoft.com/user_impersonation]
                  - name: sandbox
                    tenant-id: aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee
                    endpoint: v1
                    resource: https://api.partnercenter.microsoft.com
              - name: any-oauth-server
                token-endpoint: https://sso.example.org/realms/main/protocol/openid-connect/token
                refresh-tokens: single-use
                client-id: keeper
                client-secret: env:KEEPER_SECRET
                grants: [{ name: main, scopes: [offline_access] }]
            """)
        .file(
            "tenants.d/france.yaml",
            """
            tenants:
              - name: france
                tenant-id: contoso.onmicrosoft.com
                client-id: public
                grants: [{name: live, scopes: [https://graph.microsoft.com/.default]}]
            """)
        .file("run/germany", "s3cret\n")
        .environment("CREDENTIALS_DIRECTORY", folder.path("run").toString())
        .environment("KEEPER_SECRET", "keep");

    Config config = folder.load();

    Client germany =
        new Client(
            "66666666-7777-8888-9999-000000000000", new Client.ClientSecret(Secret.of("s3cret")));
    assertThat(config.store().base()).isEqualTo(Path.of("/var/lib/refreshd/refreshd.db"));
    assertThat(config.key()).isEqualTo(Path.of("/var/lib/refreshd/refreshd.key"));
    assertThat(config.log()).isEqualTo(Path.of("/var/lib/refreshd/rotation.log"));
    assertThat(config.files())
        .containsExactly(folder.path("refreshd.yaml"), folder.path("tenants.d/france.yaml"));
    assertThat(config.grants())
        .extracting(grant -> grant.name().toString())
        .containsExactly("germany/live", "germany/sandbox", "any-oauth-server/main", "france/live");
    assertThat(config.grants())
        .extracting(Grant::endpoint)
        .startsWith(
            new TokenEndpoint.V2(
                ENTRA,
                "11111111-2222-3333-4444-555555555555",
                List.of("https://api.partnercenter.microsoft.com/user_impersonation")),
            new TokenEndpoint.V1(
                ENTRA,
                "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
                "https://api.partnercenter.microsoft.com"),
            new TokenEndpoint.Plain(
                URI.create("https://sso.example.org/realms/main/protocol/openid-connect/token"),
                List.of("offline_access")));
    assertThat(config.grants())
        .extracting(Grant::client)
        .startsWith(
            germany, germany, new Client("keeper", new Client.ClientSecret(Secret.of("keep"))))
        .endsWith(new Client("public", new Client.NoCredential()));
    assertThat(config.grants())
        .extracting(Grant::refreshTokens)
        .containsExactly(
            RefreshTokens.REUSABLE,
            RefreshTokens.REUSABLE,
            RefreshTokens.SINGLE_USE,
            RefreshTokens.REUSABLE);
    assertThat(config.grants())
        .allMatch(grant -> grant.cadence().equals(new Cadence.Every(Duration.ofDays(7))))
        .allMatch(grant -> grant.lifetime().equals(Duration.ofDays(90)))
        .allMatch(grant -> grant.signInFrequency() == null)
        .allMatch(grant -> grant.rememberMfa() == null);
    assertThat(config.policies()).isEmpty();
  }

  @Test
  void problemsOfAllFilesComeAtOnce() {
    folder
        .file(
            "refreshd.yaml",
            """
            concurency: 8
            defaults:
              rotate-every: 7 days
              colour: blue
            include: [tenants.d/*.yaml, nowhere/*.yaml]
            tenants:
              - name: germany
                concurrency: 3
                client-secret: hunter2
                grants: [{name: live}, {name: live, scopes: [a], lifetime: 10d}, 7]
            """)
        .file("tenants.d/a.yaml", "tenants:\n  - name: germany\n    grants: []\ndefaults: {}\n")
        .file("tenants.d/b.yaml", "tenants:\n\t- name: x\n");

    assertThat(folder.problems())
        .containsExactly(
            "refreshd.yaml:1:1: concurency: unknown key; did you mean concurrency?",
            "refreshd.yaml:3:17: defaults.rotate-every: \"7 days\" is not a duration; would be for"
                + " example 90d, 36h, 15m, 30s, 1d12h or P90D",
            "refreshd.yaml:4:3: defaults.colour: unknown key; known in defaults: authority,"
                + " endpoint, tenant-id, token-endpoint, refresh-tokens, client-id, client-secret,"
                + " client-secret-expires, client-certificate, client-certificate-password,"
                + " scopes, resource, rotate-every, rotate-cron, lifetime, sign-in-frequency,"
                + " remember-mfa, token-lifetime-policy, survive-outage",
            "refreshd.yaml:5:29: include: \"nowhere/*.yaml\" matches no file; would be relative to "
                + temp,
            "refreshd.yaml:7:5: tenants[germany].client-id: is missing; would be for example"
                + " client-id: 66666666-7777-8888-9999-000000000000",
            "refreshd.yaml:7:5: tenants[germany].tenant-id: is missing; would be for example"
                + " tenant-id: 11111111-2222-3333-4444-555555555555",
            "refreshd.yaml:8:5: tenants[germany].concurrency: is not allowed in a tenant; it"
                + " belongs at the top level of the main file",
            "refreshd.yaml:9:20: tenants[germany].client-secret: a literal secret may not stand"
                + " here; would be env:NAME, file:PATH or credential:NAME",
            "refreshd.yaml:10:14: tenants[germany].grants[live].scopes: is missing; would be for"
                + " example scopes: [https://api.partnercenter.microsoft.com/user_impersonation]",
            "refreshd.yaml:10:35: tenants[germany].grants[live].name: is taken at"
                + " refreshd.yaml:10:21; would be another name",
            "refreshd.yaml:10:70: tenants[germany].grants[#3]: is one value; would be a mapping of"
                + " keys",
            "tenants.d/a.yaml:2:11: tenants[germany].name: is taken at refreshd.yaml:7:11; would"
                + " be another name",
            "tenants.d/a.yaml:3:5: tenants[germany].grants: is empty; would have one entry or more",
            "tenants.d/a.yaml:4:1: defaults: is not allowed in an included file; it belongs at the"
                + " top level of the main file",
            "tenants.d/b.yaml:2:1: not valid YAML: a tab; indent with blanks");
  }

  @Test
  void theInnermostValueWins() throws ConfigException {
    folder.file(
        "refreshd.yaml",
        """
        defaults:
          rotate-every: 10d
          lifetime: 60d
          client-id: everybody
          tenant-id: example.org
          scopes: [a]
        tenants:
          - name: t
            rotate-cron: 0 0 3 ? * SUN
            sign-in-frequency: P30D
            remember-mfa: 365d
            grants:
              - name: inherits
              - name: overrides
                lifetime: 1d12h
                rotate-every: 12h
                remember-mfa: 1s
                client-id: own
                scopes: [b, c]
        """);

    List<Grant> grants = folder.load().grants();

    Grant inherits = grants.get(0);
    assertThat(inherits.cadence()).isEqualTo(new Cadence.Cron("0 0 3 ? * SUN"));
    assertThat(inherits.lifetime()).isEqualTo(Duration.ofDays(60));
    assertThat(inherits.signInFrequency()).isEqualTo(Duration.ofDays(30));
    assertThat(inherits.rememberMfa()).isEqualTo(Duration.ofDays(365));
    assertThat(inherits.client().id()).isEqualTo("everybody");
    assertThat(inherits.endpoint())
        .isEqualTo(new TokenEndpoint.V2(ENTRA, "example.org", List.of("a")));
    Grant overrides = grants.get(1);
    assertThat(overrides.cadence()).isEqualTo(new Cadence.Every(Duration.ofHours(12)));
    assertThat(overrides.lifetime()).isEqualTo(Duration.ofHours(36));
    assertThat(overrides.rememberMfa()).isEqualTo(Duration.ofSeconds(1));
    assertThat(overrides.signInFrequency()).isEqualTo(Duration.ofDays(30));
    assertThat(overrides.client().id()).isEqualTo("own");
    assertThat(overrides.endpoint())
        .isEqualTo(new TokenEndpoint.V2(ENTRA, "example.org", List.of("b", "c")));
  }

  @Test
  void grantsThatGiveNothingButTheirNamesAreAsTheirOwnTenantWhateverStandsBetweenThem()
      throws ConfigException {
    folder.file(
        "refreshd.yaml",
        """
        defaults: {client-id: c, tenant-id: example.org, scopes: [s]}
        tenants:
          - name: t
            lifetime: 60d
            grants:
              - {name: first}
              - {name: own, lifetime: 30d, rotate-every: 1d}
              - {name: second}
          - name: u
            rotate-every: 2d
            grants:
              - {name: own, lifetime: 45d}
              - {name: first}
        """);

    assertThat(folder.load().grants())
        .extracting(
            grant -> grant.name().toString(), Grant::lifetime, grant -> grant.cadence().toString())
        .containsExactly(
            tuple("t/first", Duration.ofDays(60), every(7)),
            tuple("t/own", Duration.ofDays(30), every(1)),
            tuple("t/second", Duration.ofDays(60), every(7)),
            tuple("u/own", Duration.ofDays(45), every(2)),
            tuple("u/first", Duration.ofDays(90), every(2)));
  }

  private static String every(int days) {
    return new Cadence.Every(Duration.ofDays(days)).toString();
  }

  @Test
  void aTenantWhoseGrantsCannotBeReadSaysSoBesideOneWhoseCan() {
    folder.file(
        "refreshd.yaml",
        """
        defaults: {client-id: c, scopes: [s]}
        tenants:
          - {name: well, tenant-id: example.org, grants: [{name: a}, {name: b}]}
          - {name: ill, grants: [{name: a}, {name: b}]}
        """);

    assertThat(folder.problems())
        .singleElement()
        .asString()
        .startsWith("refreshd.yaml:4:5: tenants[ill].tenant-id: is missing");
  }

  @Test
  void aSwitchOfTheEndpointDropsWhatWasInheritedForTheOther() throws ConfigException {
    folder.file(
        "refreshd.yaml",
        """
        defaults: {endpoint: v1, resource: r, authority: https://login.microsoftonline.us}
        tenants:
          - name: t
            tenant-id: example.org
            client-id: c
            grants:
              - {name: first}
              - {name: second, endpoint: v2, scopes: [s]}
              - {name: other}
          - name: plain
            token-endpoint: http://127.0.0.1:8080/token
            client-id: c
            grants: [{name: g}]
        """);

    URI authority = URI.create("https://login.microsoftonline.us");
    assertThat(folder.load().grants())
        .extracting(Grant::endpoint)
        .containsExactly(
            new TokenEndpoint.V1(authority, "example.org", "r"),
            new TokenEndpoint.V2(authority, "example.org", List.of("s")),
            new TokenEndpoint.V1(authority, "example.org", "r"),
            new TokenEndpoint.Plain(URI.create("http://127.0.0.1:8080/token"), List.of()));
  }

  @Test
  void aCredentialFurtherInReplacesAnyOther() throws ConfigException {
    folder
        .file(
            "refreshd.yaml",
            """
            defaults: {client-id: c, tenant-id: example.org, scopes: [s], client-secret: env:A}
            tenants:
              - name: t
                client-certificate: file:keys/t.pfx
                client-certificate-password: file:keys/t.password
                grants:
                  - {name: certificate}
                  - {name: secret, client-secret: env:B}
                  - {name: pem, client-certificate: file:keys/t.pem}
            """)
        .file("keys/t.pfx", "x")
        .file("keys/t.pem", "x")
        .file("keys/t.password", "word\r\n")
        .environment("A", "a")
        .environment("B", "b\n");

    assertThat(folder.load().grants())
        .extracting(grant -> grant.client().credential())
        .containsExactly(
            new Client.Certificate(
                folder.path("keys/t.pfx"), Secret.of("word"), "x", ConfigFolder.CERTIFICATE_END),
            new Client.ClientSecret(Secret.of("b\n")),
            new Client.Certificate(
                folder.path("keys/t.pem"), null, "x", ConfigFolder.CERTIFICATE_END));
  }

  @Test
  void secretsKeepTheirOrderAndTheirEnds() throws ConfigException {
    folder
        .file(
            "refreshd.yaml",
            """
            defaults:
              client-id: c
              tenant-id: example.org
              scopes: [s]
              client-secret: [env:NEW, env:OLD]
              client-secret-expires: [2027-01-31, ~]
            tenants:
              - name: t
                grants:
                  - {name: inherits}
                  - {name: own, client-secret: env:OWN}
                  - {name: dated, client-secret: [env:OWN], client-secret-expires: '2027-01-31T12:00:00+01:00'}
            """)
        .environment("NEW", "new")
        .environment("OLD", "old")
        .environment("OWN", "own");

    assertThat(folder.load().grants())
        .extracting(grant -> grant.client().credentials())
        .containsExactly(
            List.of(
                new Client.ClientSecret(Secret.of("new"), Instant.parse("2027-01-31T00:00:00Z")),
                new Client.ClientSecret(Secret.of("old"))),
            List.of(new Client.ClientSecret(Secret.of("own"))),
            List.of(
                new Client.ClientSecret(Secret.of("own"), Instant.parse("2027-01-31T11:00:00Z"))));
  }

  @Test
  void aCertificateIsLookedIntoOnceHoweverManyGrantsUseIt() throws ConfigException {
    folder
        .file(
            "refreshd.yaml",
            """
            defaults: {client-id: c, tenant-id: example.org, scopes: [s]}
            tenants:
              - name: t
                client-certificate: file:t.pem
                grants: [{name: a}, {name: b}, {name: other, client-certificate: file:o.pem}]
              - {name: u, client-certificate: file:t.pem, grants: [{name: c}]}
            """)
        .file("t.pem", "x")
        .file("o.pem", "y");

    assertThat(folder.load().grants()).hasSize(4);
    assertThat(folder.inspections()).isEqualTo(2);
  }

  @Test
  void aCertificateThatIsOverKeepsNothingFromBeingLoadedAndIsToldOfOnce() throws ConfigException {
    folder
        .file(
            "refreshd.yaml",
            """
            defaults: {client-id: c, tenant-id: example.org, scopes: [s]}
            tenants:
              - name: t
                client-certificate: file:t.pem
                grants: [{name: a}, {name: b}, {name: other, client-certificate: file:o.pem}]
            """)
        .file("t.pem", "over")
        .file("o.pem", "good");

    Config config = folder.load();

    assertThat(config.grants()).hasSize(3);
    assertThat(config.warnings())
        .extracting(Problem::toString)
        .containsExactly("refreshd.yaml:4:25: tenants[t].client-certificate: t.pem expired");
    assertThat(folder.load(References.LEAVE).warnings()).isEmpty();
  }

  @Test
  void aReplacedCertificateIsAnotherCredentialAtTheNextLoad() throws ConfigException {
    folder
        .file("refreshd.yaml", SHORTEST + "    client-certificate: file:t.pem\n")
        .file("t.pem", "old");
    Grant before = folder.load().grants().get(0);
    Grant same = folder.load().grants().get(0);
    folder.file("t.pem", "new");
    Grant after = folder.load().grants().get(0);

    assertThat(same.client()).isEqualTo(before.client());
    assertThat(after.client()).isNotEqualTo(before.client());
  }

  @Test
  void referencesThatAreLeftAloneAreNotRead() throws ConfigException {
    folder.file(
        "refreshd.yaml",
        """
        defaults: {client-id: c, tenant-id: example.org, scopes: [s]}
        tenants:
          - name: t
            grants:
              - {name: secret, client-secret: credential:nowhere}
              - name: certificate
                client-certificate: file:nowhere.pfx
                client-certificate-password: env:NOWHERE
        """);

    assertThat(folder.load(References.LEAVE).grants())
        .extracting(grant -> grant.client().credential())
        .containsExactly(
            new Client.Unread("credential:nowhere", null),
            new Client.Unread(folder.path("nowhere.pfx").toString(), null));
    assertThat(folder.problems(References.RESOLVE)).hasSize(2);
  }

  @Test
  void aLiteralSecretIsRefusedEvenIfReferencesAreLeftAlone() {
    folder.file(
        "refreshd.yaml",
        """
        defaults: {client-id: c, tenant-id: example.org, scopes: [s], client-secret: hunter2}
        tenants: [{name: t, grants: [{name: g}]}]
        """);

    assertThat(folder.problems(References.LEAVE))
        .singleElement()
        .asString()
        .startsWith("refreshd.yaml:1:78: defaults.client-secret: a literal secret")
        .doesNotContain("hunter2");
  }

  @Test
  void relativePathsStartAtTheFileThatTheyStandIn() throws ConfigException {
    folder
        .file(
            "etc/refreshd.yaml",
            """
            store: {url: 'jdbc:sqlite:state/a.db', key: 'file:../keys/k'}
            log: {file: logs/r.log}
            include: [tenants.d/t.yaml]
            """)
        .file(
            "etc/tenants.d/t.yaml",
            """
            tenants:
              - name: t
                client-id: c
                tenant-id: example.org
                client-secret: file:secret
                grants: [{name: g, scopes: [s]}]
            """)
        .file("etc/tenants.d/secret", "beside");

    Config config = folder.load(Path.of("etc/refreshd.yaml"), References.RESOLVE);

    assertThat(config.file()).isEqualTo(folder.path("etc/refreshd.yaml"));
    assertThat(config.store().base()).isEqualTo(folder.path("etc/state/a.db"));
    assertThat(config.key()).isEqualTo(folder.path("etc/../keys/k"));
    assertThat(config.log()).isEqualTo(folder.path("etc/logs/r.log"));
    assertThat(config.grants().get(0).client().credential())
        .isEqualTo(new Client.ClientSecret(Secret.of("beside")));
  }

  @Test
  void theFilesOfThisMachineBesideADatabaseAreInTheStateDirectory() throws ConfigException {
    String store =
        """
        store:
          url: jdbc:postgresql://db.example.org/main?sslmode=verify-full&currentSchema=keep
          username: refreshd
          password: env:DB
        """;
    folder.file("refreshd.yaml", store + SHORTEST).environment("DB", "hunter2");
    Config bare = folder.load(References.LEAVE);
    folder.environment("STATE_DIRECTORY", "/var/lib/refreshd");
    Config unit = folder.load();

    assertThat(bare.store())
        .isEqualTo(
            new StoreSettings.Postgres(
                "jdbc:postgresql://db.example.org/main?sslmode=verify-full&currentSchema=keep",
                "refreshd",
                Secret.of("hunter2"),
                folder.path("postgresql-main-keep")))
        .hasToString("jdbc:postgresql://db.example.org/main");
    assertThat(bare.key()).isEqualTo(folder.path("refreshd.key"));
    assertThat(bare.log()).isEqualTo(folder.path("rotation.log"));
    assertThat(unit.store().base()).isEqualTo(Path.of("/var/lib/refreshd/postgresql-main-keep"));
    assertThat(unit.key()).isEqualTo(Path.of("/var/lib/refreshd/refreshd.key"));
    assertThat(unit.log()).isEqualTo(Path.of("/var/lib/refreshd/rotation.log"));
    assertThat(unit.toString()).doesNotContain("hunter2");
  }

  @Test
  void aShellFindsTheFilesOfTheServiceBesideADatabaseWithoutItsEnvironment() throws Exception {
    String store = "store: {url: 'jdbc:postgresql://localhost/r', directory: keep}\n";
    folder.file("etc/refreshd.yaml", store + SHORTEST);
    Path file = Path.of("etc/refreshd.yaml");
    Config shell = folder.load(file, References.RESOLVE);
    folder.environment("STATE_DIRECTORY", "/var/lib/refreshd");
    Config unit = folder.load(file, References.RESOLVE);

    for (Config config : List.of(shell, unit)) {
      assertThat(config.store().base()).isEqualTo(folder.path("etc/keep/postgresql-r"));
      assertThat(config.key()).isEqualTo(folder.path("etc/keep/refreshd.key"));
      assertThat(config.log()).isEqualTo(folder.path("etc/keep/rotation.log"));
    }
  }

  @Test
  void aDatabaseOnThisMachineNeedsNoTls() throws ConfigException {
    for (String host : List.of("localhost", "127.0.0.1:5433", "[::1]:5432")) {
      folder.file("refreshd.yaml", "store: {url: 'jdbc:postgresql://" + host + "/r'}\n" + SHORTEST);

      assertThat(folder.load().store().base()).isEqualTo(folder.path("postgresql-r"));
    }
  }

  @Test
  void withoutAStoreThatOfSystemdIsTaken() throws ConfigException {
    folder.file("refreshd.yaml", SHORTEST);
    Config bare = folder.load();
    folder
        .environment("STATE_DIRECTORY", "/var/lib/refreshd:/var/lib/other")
        .environment("LOGS_DIRECTORY", "/var/log/refreshd:/var/log/other");
    Config unit = folder.load();

    assertThat(bare.store().base()).isEqualTo(folder.path("refreshd.db"));
    assertThat(bare.key()).isEqualTo(folder.path("refreshd.key"));
    assertThat(bare.log()).isEqualTo(folder.path("rotation.log"));
    assertThat(bare.concurrency()).isEqualTo(16);
    assertThat(bare.tenantConcurrency()).isEqualTo(4);
    assertThat(unit.store().base()).isEqualTo(Path.of("/var/lib/refreshd/refreshd.db"));
    assertThat(unit.key()).isEqualTo(Path.of("/var/lib/refreshd/refreshd.key"));
    assertThat(unit.log()).isEqualTo(Path.of("/var/log/refreshd/rotation.log"));
  }

  @Test
  void filesAreNamedAsTheUserNamedThem() {
    folder
        .file("etc/refreshd.yaml", "include: [t.d/*.yaml, /nowhere]\n")
        .file("etc/t.d/a.yaml", "a");

    assertThatThrownBy(() -> folder.load(Path.of("etc/refreshd.yaml"), References.LEAVE))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "etc/refreshd.yaml:1:23: include: \"/nowhere\" matches no file; would be relative to "
                + folder.path("etc")
                + "\n"
                + "etc/t.d/a.yaml:1:1: is not a mapping of keys; would be a mapping with"
                + " tenants");
  }

  @Test
  void hiddenFilesFoldersAndTheMainFileItselfAreNotIncluded() throws ConfigException {
    folder
        .file("refreshd.yaml", "include: ['*.yaml', 'more*/*.yaml', b.yaml]\n")
        .file("b.yaml", SHORTEST)
        .file(".#b.yaml", "lock")
        .file("folder.yaml/x", "")
        .file("more.d/c.yaml", SHORTEST.replace("name: t", "name: u"));

    Config config = folder.load();

    assertThat(config.files())
        .containsExactly(
            folder.path("refreshd.yaml"), folder.path("b.yaml"), folder.path("more.d/c.yaml"));
    assertThat(config.grants()).hasSize(2);
  }

  @Test
  void aMissingFileIsAProblem() {
    assertThat(folder.problems()).containsExactly("refreshd.yaml: does not exist; would be a file");
  }

  @Test
  void theGrantsOfAnIncludedFileThatIsOutOfReachDoNotCountAsRemoved() throws IOException {
    folder.file("refreshd.yaml", "include: ['t.d/*.yaml']\n").file("t.d/a.yaml", SHORTEST);
    Files.createSymbolicLink(folder.path("t.d/b.yaml"), folder.path("unmounted/b.yaml"));
    Files.createSymbolicLink(folder.path("t.d/c.yaml"), Path.of("c.yaml"));
    Files.createSymbolicLink(folder.path("t.d/d.yaml"), folder.path("t.d"));

    assertThat(folder.problems())
        .containsExactly(
            "t.d/b.yaml: does not exist; would be a file",
            "t.d/c.yaml: cannot be read (FileSystemException)");
  }

  @Test
  void theGrantsOfAFileWhoseNameIsNotUtf8DoNotCountAsRemoved() throws Exception {
    folder.file("refreshd.yaml", "include: ['t.d/*.yaml', 'u*/*.yaml']\n");
    folder.file("t.d/a.yaml", SHORTEST).file("u/a.yaml", SHORTEST.replace("name: t", "name: u"));
    // by a shell: Java has no words for such names
    Process renamed =
        new ProcessBuilder(
                "sh",
                "-c",
                "mv t.d/a.yaml \"$(printf 't.d/m\\374.yaml')\"; mv u \"$(printf 'u\\374')\"")
            .directory(folder.path("").toFile())
            .start();
    assumeTrue(renamed.waitFor() == 0, "no such names can be made here");

    assertThat(folder.load().grants()).extracting(Grant::name).hasToString("[t/g, u/g]");
  }

  @Test
  void anIncludedFolderIsAProblem() {
    folder.file("refreshd.yaml", "include: [tenants.d]\n").file("tenants.d/a.yaml", SHORTEST);

    assertThat(folder.problems())
        .containsExactly(
            "refreshd.yaml:1:11: include: \"tenants.d\" is a folder; would be"
                + " \"tenants.d/*.yaml\"");
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() {
    folder.file("refreshd.yaml", "#".repeat(1024 * 1024 + 1));

    assertThat(folder.problems())
        .containsExactly("refreshd.yaml: is larger than 1024 KiB; would be smaller");
  }

  @Test
  void textThatIsNotUtf8IsAProblem() throws IOException {
    Files.write(folder.path("refreshd.yaml"), new byte[] {'a', (byte) 0xe4, ':'});

    assertThat(folder.problems())
        .containsExactly("refreshd.yaml: is not UTF-8 text; would be saved as UTF-8");
  }

  @Test
  void secretsThatCannotBeReadAreProblems() {
    folder
        .file(
            "refreshd.yaml",
            SHORTEST.replace(
                "    client-id: c\n", "    client-id: c\n    client-secret: file:secret\n"))
        .file("secret", "\n");
    String place = "refreshd.yaml:5:20: tenants[t].client-secret: file:" + folder.path("secret");

    assertThat(folder.problems()).containsExactly(place + " is empty; would hold the secret");
    folder.file("secret", "x".repeat(64 * 1024 + 1));
    assertThat(folder.problems())
        .containsExactly(place + " is larger than 64 KiB; would be smaller");
    assertThat(folder.path("secret").toFile().delete()).isTrue();
    assertThat(folder.problems()).containsExactly(place + " does not exist; would be a file");
  }

  @Test
  void anInheritedProblemIsToldOnce() {
    folder.file(
        "refreshd.yaml",
        """
        defaults: {client-id: c, tenant-id: example.org, scopes: [s], rotate-every: 40d}
        tenants:
          - {name: t, grants: [{name: a}, {name: b}, {name: short, lifetime: 9d}]}
        """);

    assertThat(folder.problems())
        .containsExactly(
            "refreshd.yaml:1:77: defaults.rotate-every: rotate-every 40d is more than a third of"
                + " lifetime 90d; would be 30d or less",
            "refreshd.yaml:3:70: tenants[t].grants[short].lifetime: rotate-every 40d is more than"
                + " a third of lifetime 9d; would be 3d or less");
  }

  @Test
  void anOutageThatScheduleAndLifetimeCanKeepIsNoProblem() throws ConfigException {
    String yaml = SHORTEST + "    survive-outage: %s\n    rotate-every: 10d\n    lifetime: 30d\n";

    assertThat(folder.file("refreshd.yaml", yaml.formatted("18d23h59m59s")).load().grants())
        .hasSize(1);
    assertThat(folder.file("refreshd.yaml", yaml.formatted("19d")).problems())
        .containsExactly(
            "refreshd.yaml:6:21: tenants[t].survive-outage: survive-outage 19d cannot be kept: a"
                + " token is replaced after up to 11d of its lifetime 30d; would be 18d23h59m59s"
                + " or less");
  }

  /** What has one host in common is told, tried and stopped together. */
  @Test
  void hostsAreTheSameHoweverTheyAreWritten() throws ConfigException {
    folder.file(
        "refreshd.yaml",
        """
        defaults: {client-id: c, scopes: [s], tenant-id: example.org}
        tenants:
          - {name: e, authority: 'HTTPS://Login.MicrosoftOnline.com:443', grants: [{name: g}]}
          - {name: b, token-endpoint: 'https://Shop.B2CLOGIN.com/Shop.org/P/token', grants: [{name: g}]}
          - {name: l, authority: 'HTTP://[::1]:80/A%20b', grants: [{name: g}]}
        """);

    List<Grant> grants = folder.load().grants();

    assertThat(grants)
        .extracting(grant -> grant.endpoint().base().toString())
        .containsExactly(
            "https://login.microsoftonline.com:443",
            "https://shop.b2clogin.com/Shop.org/P/token",
            "http://[::1]:80/A%20b");
    assertThat(grants.get(1).lifetime()).isEqualTo(Duration.ofDays(14));
  }

  @Test
  void tokensOfB2cLiveTwoWeeksUnlessTheFileSaysOtherwise() throws ConfigException {
    folder.file(
        "refreshd.yaml",
        """
        tenants:
          - name: shop
            token-endpoint: https://shop.b2clogin.com/shop.onmicrosoft.com/signin/oauth2/v2.0/token
            client-id: public
            grants:
              - { name: standard, scopes: [offline_access] }
              - { name: longer, scopes: [offline_access], lifetime: 90d, rotate-every: 7d }
        """);

    List<Grant> grants = folder.load().grants();

    assertThat(grants)
        .extracting(Grant::lifetime)
        .containsExactly(Duration.ofDays(14), Duration.ofDays(90));
    assertThat(grants)
        .extracting(Grant::cadence)
        .containsExactly(
            new Cadence.Every(Duration.ofDays(4)), new Cadence.Every(Duration.ofDays(7)));
  }
}
