package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that is named by a link has its locks, spool and head beside the link, and so twice. */
class StoreByLinkTest {

  private static final String YAML =
      """
      store: { url: "jdbc:sqlite:%s", key: file:state/refreshd.key }
      tenants:
        - name: germany
          tenant-id: 11111111-2222-3333-4444-555555555555
          client-id: 66666666-7777-8888-9999-000000000000
          grants: [{ name: live, scopes: [https://graph.microsoft.com/Mail.Read] }]
      """;

  @TempDir private Path folder;

  @Test
  void aLinkToTheStoreIsNotASecondStoreWithLocksOfItsOwn() throws IOException {
    Path real = folder.resolve("state/refreshd.db");
    bringIn(terminal("state/refreshd.db"));
    Path links = Files.createDirectory(folder.resolve("links"));
    Path link = Files.createSymbolicLink(links.resolve("refreshd.db"), real);
    Terminal terminal = terminal("links/refreshd.db");

    for (String command :
        List.of(
            "status",
            "log",
            "log verify",
            "rotate",
            "import germany/live --no-redeem",
            "reveal germany/live --yes",
            "key rotate",
            "backup copy",
            "doctor")) {
      Terminal.Result result = terminal.runWith("0.token", command.split(" "));

      assertThat(result.exit()).as(command).isEqualTo(Refreshd.FAILED);
      assertThat(result.err())
          .as(command)
          .contains(
              "the store " + link + " is a symbolic link",
              "store.url: jdbc:sqlite:" + real.toRealPath());
    }
    assertThat(terminal.run("status", "--check").exit()).as("unknown").isEqualTo(3);
    try (Stream<Path> beside = Files.list(links)) {
      assertThat(beside).containsExactly(link);
    }
  }

  @Test
  void aLinkThatLeadsNowhereIsNotMadeAStore() throws IOException {
    Files.createSymbolicLink(folder.resolve("refreshd.db"), Path.of("state/refreshd.db"));

    Terminal.Result result =
        terminal("refreshd.db").runWith("0.token", "import", "germany/live", "--no-redeem");

    assertThat(result.exit()).isEqualTo(Refreshd.FAILED);
    assertThat(result.err()).contains("jdbc:sqlite:" + folder.resolve("state/refreshd.db"));
    assertThat(folder.resolve("state")).doesNotExist();
  }

  @Test
  void aLinkToTheFolderIsTheSameStore() throws IOException {
    bringIn(terminal("state/refreshd.db"));
    Files.createSymbolicLink(folder.resolve("linked"), folder.resolve("state"));

    Terminal.Result result = terminal("linked/refreshd.db").run("log", "verify");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("proven: 1 entry");
  }

  private static void bringIn(Terminal terminal) {
    Terminal.Result result = terminal.runWith("0.first", "import", "germany/live", "--no-redeem");
    assertThat(result.exit()).as(result.err()).isZero();
  }

  private Terminal terminal(String store) throws IOException {
    Path yaml = folder.resolve("refreshd.yaml");
    Files.writeString(yaml, YAML.formatted(store));
    return new Terminal(folder, new MutableClock()).with("REFRESHD_CONFIG", yaml.toString());
  }
}
