package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong, where, and what people are told. */
class BadConfigTest {

  private static final String TENANT =
      """
      tenants:
        - name: t
          tenant-id: 11111111-2222-3333-4444-555555555555
          client-id: c
      """;

  private static final String GRANT = TENANT + "    grants:\n      - name: g\n";

  @TempDir Path temp;

  @ParameterizedTest
  @MethodSource("files")
  void isToldAtItsPlace(String yaml, List<String> problems) {
    ConfigFolder folder = new ConfigFolder(temp).environment("SET", "s").environment("ALSO", "s");

    assertThat(folder.file("refreshd.yaml", yaml).problems()).containsExactlyElementsOf(problems);
  }

  static Stream<Arguments> files() {
    return Stream.of(
        // the file as a whole
        bad("", "1:1: is empty; would be a mapping with tenants"),
        bad("- a\n", "1:1: is not a mapping of keys; would be a mapping with tenants"),
        bad("just text", "1:1: is not a mapping of keys; would be a mapping with tenants"),
        bad(
            "concurrency: 1\n",
            "1:1: tenants: is missing; would be for example tenants: [{name: germany, grants:"
                + " [{name: live}]}]"),
        bad("tenants: []\n", "1:1: tenants: is empty; would have one entry or more"),
        bad("tenants:\n", "1:1: tenants: has no value; would be a list, each entry after \"- \""),
        bad(
            inGrant("scopes: [s]") + "---\na: 1\n",
            "9:1: a second document; would be one document in a file"),
        bad(
            "include: []\n",
            "1:1: tenants: is missing; would be for example tenants: [{name: germany, grants:"
                + " [{name: live}]}]"),
        bad(
            "include: ['*.yaml']\n",
            "1:1: tenants: is missing; would be for example tenants: [{name: germany, grants:"
                + " [{name: live}]}]"),
        // YAML
        bad("tenants:\n\t- name: t\n", "2:1: not valid YAML: a tab; indent with blanks"),
        bad(
            "a: [1\n",
            "2:1: not valid YAML: a list is opened with [ and not closed; would be [a, b]"),
        bad("{a: 1\n", "2:1: not valid YAML: a mapping is opened with { and not closed"),
        bad("a: \"b\n", "2:1: not valid YAML: a quote is opened and not closed"),
        bad(
            "a:\n  x: 1\n  client-secret:hunter2\n  b: 2\n",
            "3:3: not valid YAML: a key without a blank after its colon, or without a colon; if a"
                + " secret stood there, change it"),
        bad(
            "a: b: c\n",
            "1:5: not valid YAML: a second \": \" in one value, or a wrong indentation; put the"
                + " value in quotes, or indent it like its neighbours"),
        bad(
            "a: @b\n",
            "1:4: not valid YAML: a value cannot start with this character; put the value in"
                + " quotes"),
        bad("a: 1\nb: \u0007\n", "2:4: not valid YAML: a control character; remove it"),
        bad(
            "a: *b\n",
            "1:4: not valid YAML: an alias (*) without its anchor (&); put a value that starts"
                + " with * in quotes"),
        bad("? [a]\n: b\n", "1:4: not valid YAML: a key that is not plain text"),
        // keys
        bad(
            inGrant("scopes: [s]", "scopes: [r]"),
            "8:9: tenants[t].grants[g].scopes: is given twice, first at refreshd.yaml:7:9; would"
                + " be given once"),
        bad(
            inGrant("scopes: [s]", "rotate_evry: 7d"),
            "8:9: tenants[t].grants[g].rotate_evry: unknown key; did you mean rotate-every?"),
        bad(
            inGrant("scopes: [s]", "tenant-concurency: 3"),
            "8:9: tenants[t].grants[g].tenant-concurency: unknown key; did you mean"
                + " tenant-concurrency? it is not allowed in a grant; it belongs at the top level"
                + " of the main file"),
        bad(
            inGrant("scopes: [s]", "grants: []"),
            "8:9: tenants[t].grants[g].grants: is not allowed in a grant; it belongs in a tenant"),
        bad(
            "rotate-every: 7d\n" + inGrant("scopes: [s]"),
            "1:1: rotate-every: is not allowed at the top level; it belongs in defaults, in a"
                + " tenant or in a grant"),
        bad(
            "store: {smtpp: a}\n" + inGrant("scopes: [s]"),
            "1:9: store.smtpp: unknown key; did you mean smtp? it is not allowed in store; it"
                + " belongs in a channel of alerts"),
        bad(
            inGrant("scopes: [s]", "lifetime:"),
            "8:9: tenants[t].grants[g].lifetime: has no value; would be a duration of 1s or more,"
                + " for example 90d, 36h, 15m, 30s, 1d12h or P90D"),
        // types
        bad(
            "store: 3\n" + inGrant("scopes: [s]"),
            "1:8: store: is one value; would be a mapping of keys"),
        bad(
            inGrant("scopes: s"),
            "7:17: tenants[t].grants[g].scopes: is one value; would be a list of scopes, for"
                + " example [https://graph.microsoft.com/Mail.Read]"),
        bad(
            inGrant("scopes: [a b]"),
            "7:18: tenants[t].grants[g].scopes: \"a b\" is not one scope; would be [one, another]"),
        bad(
            inGrant("scopes: [a b, c, 'd\"', [e]]"),
            "7:18: tenants[t].grants[g].scopes: \"a b\" is not one scope; would be [one, another]",
            "7:26: tenants[t].grants[g].scopes: \"d\"\" is not a scope; would be printable ASCII"
                + " without \" and \\",
            "7:32: tenants[t].grants[g].scopes: is a list; would be one scope"),
        bad(
            "include: [~/a.yaml, file:b.yaml]\n" + inGrant("scopes: [s]"),
            "1:11: include: ~ is not expanded; would be the whole path",
            "1:21: include: is a reference; would be the path alone, without file:"),
        bad(
            inGrant("scopes: [s]", "lifetime: [90d]"),
            "8:19: tenants[t].grants[g].lifetime: is a list; would be a duration, for example 90d"),
        bad(
            inGrant("scopes: [s]", "endpoint: V3"),
            "8:19: tenants[t].grants[g].endpoint: \"V3\" is not known; would be v1 or v2"),
        bad(
            "concurrency: 0\ntenant-concurrency: 257\n" + inGrant("scopes: [s]"),
            "1:14: concurrency: \"0\" is out of range; would be a whole number from 1 to 256",
            "2:21: tenant-concurrency: \"257\" is out of range; would be a whole number from 1 to"
                + " 256"),
        // names
        bad(
            "tenants:\n  - name: a/b\n    grants: [{name: g}]\n",
            "2:5: tenants[#1].client-id: is missing; would be for example client-id:"
                + " 66666666-7777-8888-9999-000000000000",
            "2:5: tenants[#1].tenant-id: is missing; would be for example tenant-id:"
                + " 11111111-2222-3333-4444-555555555555",
            "2:11: tenants[#1].name: \"a/b\" is not a name; would be letters, digits and . _ - (a"
                + " letter or digit first, 100 at most)",
            "3:14: tenants[#1].grants[g].scopes: is missing; would be for example scopes:"
                + " [https://api.partnercenter.microsoft.com/user_impersonation]"),
        bad(
            TENANT,
            "2:5: tenants[t].grants: is missing; would be for example grants: [{name: live}]"),
        bad(
            TENANT + "    grants: []\n",
            "5:5: tenants[t].grants: is empty; would have one entry or more"),
        bad(
            TENANT + "    grants: [{scopes: [s]}]\n",
            "5:14: tenants[t].grants[#1].name: is missing; would be for example name: germany"),
        // durations and schedules
        bad(
            inGrant("scopes: [s]", "lifetime: 0s"),
            "8:19: tenants[t].grants[g].lifetime: \"0s\" is too short; would be 1s or more"),
        bad(
            inGrant("scopes: [s]", "lifetime: PT1.5S"),
            "8:19: tenants[t].grants[g].lifetime: \"PT1.5S\" is out of range; would be whole"
                + " seconds, 36500d at most"),
        bad(
            inGrant("scopes: [s]", "lifetime: 10d"),
            "8:19: tenants[t].grants[g].lifetime: rotate-every 7d is more than a third of lifetime"
                + " 10d; would be 3d8h or less"),
        bad(
            inGrant("scopes: [s]", "rotate-every: 30d1s"),
            "8:23: tenants[t].grants[g].rotate-every: rotate-every 30d1s is more than a third of"
                + " lifetime 90d; would be 30d or less"),
        bad(
            inGrant("scopes: [s]", "lifetime: 2s", "rotate-every: 1s"),
            "9:23: tenants[t].grants[g].rotate-every: rotate-every 1s is more than a third of"
                + " lifetime 2s; would be a lifetime of 3s or more"),
        bad(
            inGrant("scopes: [s]", "rotate-cron: 0 0 3 1 * ?"),
            "8:22: tenants[t].grants[g].rotate-cron: rotate-cron leaves up to 31d between"
                + " rotations, more than a third of lifetime 90d; would be 30d or less"),
        bad(
            inGrant("scopes: [s]", "rotate-cron: every sunday"),
            "8:22: tenants[t].grants[g].rotate-cron: is not a cron expression; would be like \"0 0 3"
                + " ? * SUN\""),
        bad(
            inGrant("scopes: [s]", "rotate-cron: 0 0 3 ? * SUN", "rotate-every: 7d"),
            "8:9: tenants[t].grants[g].rotate-cron: stands beside rotate-every; would be one of"
                + " the two"),
        bad(
            inGrant("scopes: [s]", "survive-outage: 60d", "rotate-every: 30d"),
            "8:25: tenants[t].grants[g].survive-outage: survive-outage 60d cannot be kept: a token"
                + " is replaced after up to 33d of its lifetime 90d; would be 56d23h59m59s or"
                + " less"),
        // endpoints
        bad(
            inGrant("resource: r"),
            "7:9: tenants[t].grants[g].resource: has no effect with endpoint v2; would be scopes,"
                + " or endpoint: v1 beside it"),
        bad(
            inGrant("endpoint: v1", "scopes: [s]"),
            "8:9: tenants[t].grants[g].scopes: has no effect with endpoint v1; would be resource,"
                + " or endpoint: v2 beside it"),
        bad(
            inGrant("endpoint: v1"),
            "6:9: tenants[t].grants[g].resource: is missing; would be for example resource:"
                + " https://api.partnercenter.microsoft.com"),
        bad(
            inGrant("scopes: []"),
            "7:17: tenants[t].grants[g].scopes: is empty and endpoint v2 asks by scopes; would"
                + " name one"),
        bad(
            inGrant("scopes: [s]", "tenant-id: Common"),
            "8:20: tenants[t].grants[g].tenant-id: \"Common\" stands for many directories, a token"
                + " belongs to one, and Entra may refuse it there (AADSTS50194, 90124, 90130,"
                + " 9001023); would be the id of the directory that gave the consent"),
        bad(
            inGrant("scopes: [s]", "tenant-id: consumers"),
            "8:20: tenants[t].grants[g].tenant-id: \"consumers\" stands for personal accounts, and"
                + " Entra may refuse it there (AADSTS90124, 90130, 9001023); would be the id of"
                + " their directory, 9188040d-6c67-4c5b-b112-36a304b66dad"),
        bad(
            inGrant("scopes: [s]", "tenant-id: contoso"),
            "8:20: tenants[t].grants[g].tenant-id: \"contoso\" is not a directory's id; would be a"
                + " GUID, or a domain such as contoso.onmicrosoft.com"),
        bad(
            inGrant("scopes: [s]", "authority: http://login.example.com"),
            "8:20: tenants[t].grants[g].authority: http would show tokens to the network; would be"
                + " https (http goes to loopback only)"),
        bad(
            inGrant("scopes: [s]", "authority: https://u:hunter2@login.example.com"),
            "8:20: tenants[t].grants[g].authority: holds a user name or password; would be without"
                + " (credentials go to client-secret)"),
        bad(
            inGrant("scopes: [s]", "authority: https://login.example.com?a=b"),
            "8:20: tenants[t].grants[g].authority: has a query (?); would be without"),
        bad(
            inGrant("scopes: [s]", "authority: login.example.com"),
            "8:20: tenants[t].grants[g].authority: is not an https URL; would be for example"
                + " https://login.microsoftonline.com"),
        bad(
            inGrant("scopes: [s]", "authority: 'https://'"),
            "8:20: tenants[t].grants[g].authority: is not a URL; would be for example"
                + " https://login.microsoftonline.com"),
        bad(
            """
            tenants:
              - name: t
                token-endpoint: https://a.example/token
                authority: https://b.example
                client-id: c
                grants: [{name: g, resource: r, client-certificate: file:k.pem}]
            """,
            "4:5: tenants[t].authority: does not go with token-endpoint (refreshd.yaml:3:5); would"
                + " be one of the two",
            "6:24: tenants[t].grants[g].resource: does not go with token-endpoint"
                + " (refreshd.yaml:3:5); would be one of the two",
            "6:57: tenants[t].grants[g].client-certificate: a certificate is for Entra's endpoints"
                + " only (the assertion that it signs names Entra's URL); would be client-secret"
                + " beside token-endpoint",
            "6:57: tenants[t].grants[g].client-certificate: k.pem does not exist; would be a PEM or"
                + " PFX file"),
        bad(
            inGrant("scopes: [s]", "authority: https://contoso.B2CLOGIN.com"),
            "8:20: tenants[t].grants[g].authority: is a host of Azure AD B2C, whose URLs name a"
                + " policy too; would be token-endpoint:"
                + " https://HOST/TENANT/POLICY/oauth2/v2.0/token"),
        bad(
            inGrant(
                "scopes: [s]", "authority: https://a.example/x/", "client-certificate: file:k.pem"),
            "9:29: tenants[t].grants[g].client-certificate: k.pem does not exist; would be a PEM or"
                + " PFX file",
            "9:29: tenants[t].grants[g].client-certificate: the assertion that a certificate signs"
                + " names the authority's URL without its path; would be an authority without a"
                + " path, or client-secret"),
        // credentials
        bad(
            inGrant("scopes: [s]", "client-secret: hunter2"),
            "8:24: tenants[t].grants[g].client-secret: a literal secret may not stand here; would"
                + " be env:NAME, file:PATH or credential:NAME"),
        bad(
            inGrant("scopes: [s]", "client-secret: hunter2:or:3"),
            "8:24: tenants[t].grants[g].client-secret: a literal secret may not stand here; would"
                + " be env:NAME, file:PATH or credential:NAME"),
        bad(
            inGrant("scopes: [s]", "client-secret: evn:HUNTER2"),
            "8:24: tenants[t].grants[g].client-secret: an unknown scheme, or a literal secret,"
                + " which may not stand here; did you mean env:?"),
        bad(
            inGrant("scopes: [s]", "client-secret: vault:secret/hunter2"),
            "8:24: tenants[t].grants[g].client-secret: an unknown scheme, or a literal secret,"
                + " which may not stand here; would be env:NAME, file:PATH or credential:NAME"),
        bad(
            inGrant("scopes: [s]", "client-secret: env:HUNT$ER2"),
            "8:24: tenants[t].grants[g].client-secret: what follows env: cannot be a name; would be"
                + " env:NAME, file:PATH or credential:NAME"),
        bad(
            inGrant("scopes: [s]", "client-secret: credential:../shadow"),
            "8:24: tenants[t].grants[g].client-secret: what follows credential: cannot be a name;"
                + " would be env:NAME, file:PATH or credential:NAME"),
        bad(
            inGrant("scopes: [s]", "client-secret: *hunter2"),
            "8:24: not valid YAML: an alias (*) without its anchor (&); put a value that starts"
                + " with * in quotes"),
        bad(
            TENANT + "    grants: [{name: g, scopes: [s], client-secret:hunter2}]\n",
            "5:37: tenants[t].grants[g].client-secret:…: has no blank after its colon; would have"
                + " one"),
        bad(
            inGrant("scopes: [s]", "client-secret: env:NOT_SET"),
            "8:24: tenants[t].grants[g].client-secret: env:NOT_SET is not set; would be in the"
                + " environment"),
        bad(
            inGrant("scopes: [s]", "client-secret: credential:germany"),
            "8:24: tenants[t].grants[g].client-secret: credential:germany has no folder to be in:"
                + " $CREDENTIALS_DIRECTORY is not set; systemd sets it by"
                + " LoadCredential=germany:PATH; in a shell set it to the folder of PATH, if the file"
                + " there is named germany"),
        bad(
            inGrant("scopes: [s]", "client-secret: env:A", "client-certificate: file:k.pem"),
            "8:24: tenants[t].grants[g].client-secret: env:A is not set; would be in the"
                + " environment",
            "9:9: tenants[t].grants[g].client-certificate: stands beside client-secret; would be"
                + " one of the two"),
        bad(
            inGrant("scopes: [s]", "client-certificate: k.pem"),
            "8:29: tenants[t].grants[g].client-certificate: is not a reference to a file; would be"
                + " file:PATH"),
        bad(
            inGrant("scopes: [s]", "client-certificate-password: file:/"),
            "8:9: tenants[t].grants[g].client-certificate-password: has no client-certificate to"
                + " open; would stand beside one",
            "8:38: tenants[t].grants[g].client-certificate-password: file:/ is a folder; would be a"
                + " file"),
        bad(
            inGrant("scopes: [s]", "client-secret: []"),
            "8:24: tenants[t].grants[g].client-secret: is an empty list; would be a reference, or a"
                + " list of them: env:NAME, file:PATH or credential:NAME"),
        bad(
            inGrant("scopes: [s]", "client-secret: [file:a, hunter2]"),
            "8:33: tenants[t].grants[g].client-secret: a literal secret may not stand here; would"
                + " be env:NAME, file:PATH or credential:NAME"),
        bad(
            inGrant("scopes: [s]", "client-secret: [hunter2, env:A, evn:HUNTER3, env:A]"),
            "8:25: tenants[t].grants[g].client-secret: a literal secret may not stand here; would"
                + " be env:NAME, file:PATH or credential:NAME",
            "8:41: tenants[t].grants[g].client-secret: an unknown scheme, or a literal secret,"
                + " which may not stand here; did you mean env:?",
            "8:54: tenants[t].grants[g].client-secret: env:A is named twice; would be a list of"
                + " different secrets"),
        bad(
            inGrant(
                "scopes: [s]",
                "client-secret: [env:SET, env:ALSO]",
                "client-secret-expires: [soon, 2027-02-30]"),
            "9:33: tenants[t].grants[g].client-secret-expires: \"soon\" is not a date; would be"
                + " 2027-01-31 or 2027-01-31T12:00:00Z",
            "9:39: tenants[t].grants[g].client-secret-expires: \"2027-02-30\" is no day of the"
                + " calendar; would be one"),
        bad(
            inGrant("scopes: [s]", "client-secret: [env:A, env:B, env:A]"),
            "8:39: tenants[t].grants[g].client-secret: env:A is named twice; would be a list of"
                + " different secrets"),
        bad(
            inGrant("scopes: [s]", "client-secret: [env:A, env:B]"),
            "8:25: tenants[t].grants[g].client-secret: env:A is not set; would be in the"
                + " environment",
            "8:32: tenants[t].grants[g].client-secret: env:B is not set; would be in the"
                + " environment"),
        // when secrets end
        bad(
            inGrant("scopes: [s]", "client-secret-expires: 2027-01-31"),
            "8:9: tenants[t].grants[g].client-secret-expires: has no client-secret beside it; would"
                + " stand in the same place as the secret"),
        bad(
            "defaults: {client-secret: env:SET}\n"
                + inGrant("scopes: [s]", "client-secret-expires: 2027-01-31"),
            "9:9: tenants[t].grants[g].client-secret-expires: has no client-secret beside it; would"
                + " stand in the same place as the secret"),
        bad(
            inGrant("scopes: [s]", "client-secret: env:SET", "client-secret-expires: 1/31/2027"),
            "9:32: tenants[t].grants[g].client-secret-expires: \"1/31/2027\" is not a date; would be"
                + " 2027-01-31 or 2027-01-31T12:00:00Z"),
        bad(
            inGrant("scopes: [s]", "client-secret: env:SET", "client-secret-expires: 2027-02-30"),
            "9:32: tenants[t].grants[g].client-secret-expires: \"2027-02-30\" is no day of the"
                + " calendar; would be one"),
        bad(
            inGrant("scopes: [s]", "client-secret: env:SET", "client-secret-expires: ~"),
            "9:9: tenants[t].grants[g].client-secret-expires: has no value; would be a date, for"
                + " example 2027-01-31, or a list of them"),
        bad(
            inGrant(
                "scopes: [s]",
                "client-secret: [env:SET, env:ALSO]",
                "client-secret-expires: 2027-01-31"),
            "9:32: tenants[t].grants[g].client-secret-expires: is one date and client-secret has 2"
                + " secrets; would be a list of 2, ~ where none is known"),
        bad(
            inGrant(
                "scopes: [s]",
                "client-secret: env:SET",
                "client-secret-expires: [2027-01-31, ~, 2028-01-31T12:00:00Z]"),
            "9:32: tenants[t].grants[g].client-secret-expires: has length 3 and client-secret has 1"
                + " secret; would be one date"),
        // the second factor
        bad(
            inGrant("scopes: [s]", "remember-mfa: 0s"),
            "8:23: tenants[t].grants[g].remember-mfa: \"0s\" is too short; would be 1s or more"),
        bad(
            inGrant("scopes: [s]", "remember-mfa: 365d1s"),
            "8:23: tenants[t].grants[g].remember-mfa: 365d1s is too long; would be a duration from"
                + " 1s to 365d"),
        bad(
            inGrant("scopes: [s]", "remember-mfa: 90"),
            "8:23: tenants[t].grants[g].remember-mfa: \"90\" is not a duration; would be for example"
                + " 90d, 36h, 15m, 30s, 1d12h or P90D"),
        // store, log, include
        bad(
            "store: {url: 'jdbc:postgresql://u:hunter2@db/refreshd'}\n" + inGrant("scopes: [s]"),
            "1:14: store.url: is not a whole URL of PostgreSQL; would be"
                + " jdbc:postgresql://HOST:PORT/DATABASE"),
        bad(
            "store: {url: 'jdbc:postgresql:refreshd'}\n" + inGrant("scopes: [s]"),
            "1:14: store.url: is not a whole URL of PostgreSQL; would be"
                + " jdbc:postgresql://HOST:PORT/DATABASE"),
        bad(
            "store: {url: 'jdbc:postgresql://localhost/r?ApplicationName=a&password=hunter2'}\n"
                + inGrant("scopes: [s]"),
            "1:14: store.url: holds a user name or password; would be without (credentials go to"
                + " username and password)"),
        bad(
            "store: {url: 'jdbc:postgresql://localhost,db2:5433/r?sslmode=prefer'}\n"
                + inGrant("scopes: [s]"),
            "1:14: store.url: would speak to another machine without TLS for sure; would end in"
                + " ?sslmode=verify-full (or verify-ca, or require)"),
        bad(
            "store: {url: 'jdbc:mysql://db/refreshd', username: 'a b'}\n" + inGrant("scopes: [s]"),
            "1:14: store.url: is of a database that is not supported; would be jdbc:sqlite:PATH or"
                + " jdbc:postgresql://HOST/DATABASE",
            "1:52: store.username: is empty, or holds a blank or a letter beyond ASCII; would have"
                + " none"),
        bad(
            "store: {url: 'jdbc:sqlite:r.db', username: u, password: 'env:NOT_THERE'}\n"
                + inGrant("scopes: [s]"),
            "1:34: store.username: goes with a url of PostgreSQL only; would stand beside one",
            "1:47: store.password: goes with a url of PostgreSQL only; would stand beside one"),
        bad(
            "store: {directory: /var/lib/refreshd}\n" + inGrant("scopes: [s]"),
            "1:9: store.directory: goes with a url of PostgreSQL only; would stand beside one"),
        bad(
            "store: {url: /var/refreshd.db, key: ~/k}\n" + inGrant("scopes: [s]"),
            "1:14: store.url: is not a JDBC URL; would be jdbc:sqlite:PATH or"
                + " jdbc:postgresql://HOST/DATABASE",
            "1:37: store.key: is not a reference to a file; would be file:PATH"),
        bad(
            "store: {url: 'jdbc:sqlite::memory:'}\nlog: {file: ~/log}\n" + inGrant("scopes: [s]"),
            "1:14: store.url: is more than a path (a database in memory, a file: URL or options);"
                + " would be jdbc:sqlite:PATH",
            "2:13: log.file: ~ is not expanded; would be the whole path"),
        bad(
            "include: tenants.d/*.yaml\n" + inGrant("scopes: [s]"),
            "1:10: include: is one value; would be a list of files, for example [tenants.d/*.yaml]"),
        bad(
            "include: ['a[.yaml']\n" + inGrant("scopes: [s]"),
            "1:11: include: \"a[.yaml\" is not a pattern; would be like tenants.d/*.yaml"));
  }

  private static Arguments bad(String yaml, String... problems) {
    return arguments(yaml, Stream.of(problems).map(p -> "refreshd.yaml:" + p).toList());
  }

  /** The lines in the one grant of the one tenant: the first is line 7, each starts at column 9. */
  private static String inGrant(String... lines) {
    return GRANT + "        " + String.join("\n        ", lines) + "\n";
  }
}
