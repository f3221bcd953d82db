package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Event;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.testing.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that is longer than what a statement of PostgreSQL gets through in its time. */
class PostgresLongLogTest {

  private static final int ENTRIES = 120_000;

  private static final String FILL =
      """
      INSERT INTO rotation_log (seq, at, event, hash)
      SELECT n, n, CASE WHEN n IN (3, 60000) THEN 'restored' ELSE 'rotated' END, 'h'
      FROM generate_series(1, %d) AS n
      """
          .formatted(ENTRIES);

  /**
   * In the place of a time limit: what a statement gets through is a number of rows. (It is not
   * stable, but only what is stable is left out where nobody asks for it.)
   */
  private static final String TOO_MUCH =
      """
      CREATE FUNCTION looked_at(word text) RETURNS text LANGUAGE plpgsql STABLE AS $$
      DECLARE
        statement text := statement_timestamp();
        many int := 0;
      BEGIN
        IF current_setting('looked.statement', true) = statement THEN
          many := current_setting('looked.many');
        ELSE
          PERFORM set_config('looked.statement', statement, false);
        END IF;
        IF many > 60000 THEN
          RAISE 'canceling statement due to statement timeout';
        END IF;
        PERFORM set_config('looked.many', (many + 1)::text, false);
        RETURN word;
      END $$
      """;

  private static final String LIMITED =
      """
      CREATE VIEW rotation_log AS
      SELECT seq, at, tenant, name, looked_at(event) AS event, trigger, generation, issued_at,
             expires_at, duration, http_status, kind, error, code, suberror, correlation_id,
             trace_id, message, fingerprint, node, hash
      FROM whole_log
      """;

  @TempDir Path folder;

  @Test
  void aRareEventIsFoundThoughNoStatementGetsThroughTheWholeLog() throws Exception {
    PostgresFixture fixture = new PostgresFixture(PostgresServer.newSchema(), folder);
    fixture.open("run").close();
    fixture.execute(
        FILL, "ALTER TABLE rotation_log RENAME TO whole_log", "ANALYZE", TOO_MUCH, LIMITED);
    try (OpenStore store = fixture.openToRead()) {
      assertThat(restores(store, 0)).containsExactly(3L, 60_000L);
      assertThat(restores(store, 2)).containsExactly(3L, 60_000L);
      assertThat(restores(store, 1)).containsExactly(60_000L);
    }
  }

  private static List<Long> restores(OpenStore store, int limit) {
    return Samples.log(store, Samples.query(0, Event.RESTORED, false, limit)).stream()
        .map(LoggedEntry::seq)
        .toList();
  }
}
