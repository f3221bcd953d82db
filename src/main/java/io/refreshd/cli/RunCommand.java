package io.refreshd.cli;

import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Daemon;
import io.refreshd.daemon.Logs;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;

final class RunCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  RunCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(this, "The daemon, in the foreground, until SIGTERM; SIGHUP reloads.");
  }

  @Override
  public Integer call() throws ConfigException, InterruptedException {
    Logs.toStandardOutput(refreshd.environment(), refreshd.console().isTerminal());
    Daemon daemon =
        Daemon.create(
            () -> refreshd.load(References.RESOLVE), refreshd.environment(), refreshd.clock());
    daemon.reloadOnHangUp();
    daemon.stopWithTheProcess();
    daemon.start();
    new CountDownLatch(1).await();
    return 0;
  }
}
