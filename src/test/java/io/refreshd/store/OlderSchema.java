package io.refreshd.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Takes a store back to the schema that a program of before left it with. */
final class OlderSchema {

  /** The last one that kept the tokens in a table of their own. */
  private static final int TOKENS_APART = 5;

  private static final Path SCRIPTS = Path.of("src/main/resources/db/migration");

  private static final String GRANT_COLUMNS =
      "tenant, name, current, fingerprint, issued_at, expires_at, previous, previous_fingerprint,"
          + " previous_issued_at, previous_expires_at, signed_in_at, next_attempt_at,"
          + " identity_tenant, identity_subject, failures, verdicts, failing_since,"
          + " last_attempt_at, last_outcome, kind, error, code, suberror, message, issue_code,"
          + " issue_learned_at, issue_limit, sign_in_code, sign_in_learned_at, sign_in_limit";

  private OlderSchema() {}

  /** By the scripts that made that schema, and with all that is in the store. */
  static void restore(StoreFixture fixture) throws SQLException, IOException {
    boolean isPostgres = fixture instanceof PostgresFixture;
    List<String> all = new ArrayList<>();
    all.add("DROP INDEX grants_due");
    all.add("ALTER TABLE grants RENAME TO newer");
    if (isPostgres) {
      all.add("ALTER INDEX grants_pkey RENAME TO newer_pkey");
    }
    all.addAll(scripts(isPostgres ? "postgresql" : "sqlite"));
    all.add("INSERT INTO grants (" + GRANT_COLUMNS + ") SELECT " + GRANT_COLUMNS + " FROM newer");
    all.add(
        "INSERT INTO tokens (grant_id, current, previous) SELECT g.id, n.token, n.previous_token"
            + " FROM grants g JOIN newer n ON n.tenant = g.tenant AND n.name = g.name");
    all.add("DROP TABLE newer");
    all.add("DELETE FROM schema_history WHERE CAST(version AS INTEGER) > " + TOKENS_APART);
    try (Connection connection = fixture.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String one : all) {
        statement.execute(one);
      }
      connection.commit();
    }
  }

  /** What the scripts up to then say about the tables that have changed since. */
  private static List<String> scripts(String database) throws IOException {
    List<String> statements = new ArrayList<>();
    for (int version = 1; version <= TOKENS_APART; version++) {
      String prefix = "V" + version + "__";
      try (Stream<Path> files = Files.list(SCRIPTS.resolve(database))) {
        Path script =
            files
                .filter(file -> file.getFileName().toString().startsWith(prefix))
                .findAny()
                .orElseThrow();
        String text = Files.readString(script, StandardCharsets.UTF_8).replaceAll("--[^\n]*", "");
        for (String statement : text.split(";", -1)) {
          if (statement.strip().matches("(?s)(CREATE|ALTER) TABLE (grants|tokens) .*")
              || statement.contains("INDEX grants_due")) {
            statements.add(statement);
          }
        }
      }
    }
    return statements;
  }
}
