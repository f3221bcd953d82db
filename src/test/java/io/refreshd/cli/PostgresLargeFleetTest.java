package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import io.refreshd.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet that no statement of PostgreSQL gets through in its time. */
class PostgresLargeFleetTest {

  private static final String FILL =
      """
      INSERT INTO grants
      SELECT (jsonb_populate_record(g, jsonb_build_object('name', 'user-' || n))).*
      FROM grants g, generate_series(1, 2500) AS n
      """;

  /**
   * In the place of a time limit: what a statement may bring is a number of rows. (It is not
   * stable, but only what is stable waits until the rows are chosen.)
   */
  private static final String TOO_MUCH =
      """
      CREATE FUNCTION brought(word text) RETURNS text LANGUAGE plpgsql STABLE AS $$
      DECLARE
        statement text := statement_timestamp();
        many int := 0;
      BEGIN
        IF current_setting('brought.statement', true) = statement THEN
          many := current_setting('brought.many');
        ELSE
          PERFORM set_config('brought.statement', statement, false);
        END IF;
        IF many >= 1000 THEN
          RAISE 'canceling statement due to statement timeout';
        END IF;
        PERFORM set_config('brought.many', (many + 1)::text, false);
        RETURN word;
      END $$
      """;

  private static final String LIMITED =
      """
      DO $$ BEGIN
        EXECUTE (
          SELECT 'CREATE VIEW grants AS SELECT '
                 || string_agg(regexp_replace(column_name, '^fingerprint$',
                                              'brought(fingerprint) AS fingerprint'), ', ')
                 || ' FROM whole_grants'
          FROM information_schema.columns
          WHERE table_schema = current_schema() AND table_name = 'whole_grants');
      END $$
      """;

  @TempDir Path folder;
  private Terminal terminal;

  @BeforeEach
  void fillTheStore() throws IOException {
    String url = PostgresServer.newSchema();
    Files.writeString(
        folder.resolve("refreshd.yaml"),
        """
        store: {url: '%s', username: postgres}
        tenants:
          - name: germany
            tenant-id: 11111111-2222-3333-4444-555555555555
            client-id: 66666666-7777-8888-9999-000000000000
            scopes: ['https://graph.microsoft.com/Mail.Read']
            grants: [{ name: live }]
        """
            .formatted(url.replace("user=postgres&", "")));
    terminal = new Terminal(folder, new MutableClock());
    terminal.with("REFRESHD_CONFIG", folder.resolve("refreshd.yaml").toString());
    assertThat(terminal.runWith("0.first", "import", "germany/live", "--no-redeem").exit())
        .isZero();
    PostgresServer.execute(
        url, FILL, "ALTER TABLE grants RENAME TO whole_grants", "ANALYZE", TOO_MUCH, LIMITED);
  }

  @Test
  void aSimulationBeginsThoughNoStatementGetsThroughTheFleet() {
    for (List<String> command :
        List.of(
            List.of("simulate", "--days", "10"), List.of("simulate", "--days", "10", "--json"))) {
      Terminal.Result result = terminal.run(command.toArray(String[]::new));

      assertThat(result.err()).isEmpty();
      assertThat(result.exit()).isZero();
      assertThat(result.out()).isNotEmpty();
    }
  }
}
