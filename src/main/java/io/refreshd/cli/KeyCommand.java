package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import picocli.CommandLine.Command;

@Command(description = "The key that seals the stored tokens.")
final class KeyCommand {

  private final Refreshd refreshd;

  KeyCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  @Command(description = "Makes a new key and reseals every token; safe beside a running daemon.")
  int rotate() throws ConfigException {
    Config config = refreshd.load(References.LEAVE);
    try (Assembly assembly = Assembly.writing(config, refreshd.clock())) {
      int resealed = assembly.rotateKey();
      refreshd
          .console()
          .print(config.key() + ": new key, " + Count.of(resealed, "token") + " resealed");
    }
    return 0;
  }
}
