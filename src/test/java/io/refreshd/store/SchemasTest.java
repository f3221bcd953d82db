package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schemas of all databases go in lock-step: a script for one is a script for each. */
class SchemasTest {

  private static final Path SCRIPTS = Path.of("src/main/resources/db/migration");

  @TempDir Path folder;

  private static Set<String> scripts(String database) throws IOException {
    try (var files = Files.list(SCRIPTS.resolve(database))) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  void everyDatabaseHasTheSameScripts() throws IOException {
    assertThat(scripts("postgresql")).isEqualTo(scripts("sqlite"));
    assertThat(scripts("sqlite"))
        .hasSize(Migrations.NEWEST)
        .anyMatch(name -> name.startsWith("V" + Migrations.NEWEST + "__"));
  }

  @Test
  void theScriptsMakeTheSameTablesAndColumns() throws Exception {
    Map<String, Set<String>> sqlite = columns(new StoreFixture(folder.resolve("sqlite")));
    Map<String, Set<String>> postgres = columns(new PostgresFixture(folder.resolve("postgres")));
    assertThat(postgres).containsKeys("nodes", "quartz_triggers", "quartz_fired_triggers");
    postgres.keySet().removeIf(SchemasTest::isOfTheClusterAlone);

    assertThat(postgres).isEqualTo(sqlite);
    assertThat(postgres).containsKeys("meta", "grants", "leases", "rotation_log", "deliveries");
  }

  @Test
  void whoCopiesAStoreCopiesEveryTableAndColumn() throws Exception {
    Map<String, Set<String>> copied = new TreeMap<>();
    for (StoreTable table : StoreTable.values()) {
      copied.put(table.table(), new TreeSet<>(table.columns()));
    }
    Map<String, Set<String>> there = columns(new StoreFixture(folder));
    there.replaceAll(
        (table, columns) ->
            columns.stream()
                .map(column -> column.substring(0, column.indexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new)));

    assertThat(copied).isEqualTo(there);
  }

  /** Each table with its columns and the kind of each. */
  private static Map<String, Set<String>> columns(StoreFixture fixture) throws SQLException {
    fixture.open("run").close();
    Map<String, Set<String>> tables = new TreeMap<>();
    try (Connection connection = fixture.connection();
        ResultSet columns =
            connection
                .getMetaData()
                .getColumns(connection.getCatalog(), connection.getSchema(), "%", "%")) {
      while (columns.next()) {
        String table = columns.getString("TABLE_NAME");
        String column = columns.getString("COLUMN_NAME");
        if (!table.startsWith("sqlite_") && !table.equals(Sql.HISTORY)) {
          tables
              .computeIfAbsent(table, name -> new TreeSet<>())
              .add(column + " " + kind(columns.getString("TYPE_NAME")));
        }
      }
    }
    return tables;
  }

  /** Who lives and whose turn it is: nothing that a store is moved with. */
  private static boolean isOfTheClusterAlone(String table) {
    return table.equals("nodes") || table.startsWith("quartz_");
  }

  private static String kind(String type) {
    return switch (type.toLowerCase(java.util.Locale.ROOT)) {
      case "integer", "int4", "int8", "bigserial" -> "number";
      case "blob", "bytea" -> "bytes";
      case "text" -> "text";
      case "varchar", "bool", "int2", "numeric" -> "a kind of Quartz's tables";
      default -> throw new AssertionError("neither database keeps a " + type);
    };
  }
}
