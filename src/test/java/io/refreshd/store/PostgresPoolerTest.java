package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.Secret;
import io.refreshd.rotation.StoreException.Unavailable;
import io.refreshd.testing.StandInPooler;
import io.refreshd.testing.StandInPooler.SearchPath;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pooler stands before PostgreSQL, and takes {@code currentSchema} away or refuses it. */
class PostgresPoolerTest {

  @TempDir Path folder;
  private PostgresFixture direct;
  private String url;
  private String schema;

  @BeforeEach
  void aStoreWithOneGrant() {
    direct = new PostgresFixture(folder);
    url = ((PostgresLocation) direct.location).url();
    schema = url.replaceAll(".*currentSchema=", "");
    try (OpenStore store = direct.open("run")) {
      direct.samples.bringIn(store, LIVE);
    }
  }

  private StandInPooler pooler(SearchPath searchPath) throws Exception {
    return new StandInPooler(URI.create(url.substring("jdbc:".length())).getPort(), searchPath);
  }

  private PostgresLocation through(StandInPooler pooler) {
    int port = URI.create(url.substring("jdbc:".length())).getPort();
    return PostgresFixture.at(url.replace(":" + port + "/", ":" + pooler.port() + "/"), folder);
  }

  @Test
  void aCurrentSchemaThatHasNoEffectIsToldAndNoSecondStoreIsMadeElsewhere() throws Exception {
    try (StandInPooler pooler = pooler(SearchPath.IGNORED)) {
      PostgresLocation location = through(pooler);

      assertThatThrownBy(() -> TokenStores.openToRead(location, direct.clock))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("currentSchema in store.url has no effect: the server looks in")
          .hasMessageContaining("public")
          .hasMessageContaining("ALTER ROLE … SET search_path");
      assertThatThrownBy(() -> TokenStores.openToWrite(location, "run", 3, direct.clock))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("currentSchema in store.url has no effect");

      assertThat(isMadeInPublic()).isFalse();
    }
  }

  private boolean isMadeInPublic() throws SQLException {
    try (Connection connection = direct.connection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT to_regclass('public.grants') IS NOT NULL")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  @Test
  void theSchemaThatTheRoleBringsServesBehindAPooler() throws Exception {
    String role = "pooled_" + ProcessHandle.current().pid();
    direct.execute(
        "DROP ROLE IF EXISTS " + role,
        "CREATE ROLE " + role + " LOGIN SUPERUSER PASSWORD 'x'",
        "ALTER ROLE " + role + " SET search_path = " + schema + ", public");
    try (StandInPooler pooler = pooler(SearchPath.IGNORED)) {
      String asked = through(pooler).url().replaceAll("user=[a-z]+&?", "");
      for (String either : new String[] {asked, asked.replaceAll("currentSchema=.*", "")}) {
        PostgresLocation location =
            new PostgresLocation(
                either, role, Secret.of("x"), direct.location.base(), direct.location.keyFile());
        try (OpenStore store = TokenStores.openToWrite(location, "run", 3, direct.clock)) {
          assertThat(store.find(LIVE)).isPresent();
        }
      }
    } finally {
      direct.execute("DROP ROLE " + role);
    }
  }

  @Test
  void aPoolerThatRefusesTheSchemaIsNotSaidToSpeakNoPostgres() throws Exception {
    try (StandInPooler pooler = pooler(SearchPath.REFUSED)) {
      assertThatThrownBy(() -> TokenStores.openToWrite(through(pooler), "run", 3, direct.clock))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("unsupported startup parameter: search_path")
          .hasMessageContaining("leave currentSchema out of store.url")
          .hasMessageContaining("\"Behind PgBouncer\" in docs/operations.md")
          .hasMessageNotContaining("does not speak");
    }
  }
}
