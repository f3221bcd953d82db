package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LogFault;
import io.refreshd.rotation.LogProof;
import io.refreshd.rotation.LogRestore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

final class LogVerifyCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  private final Flag json = new Flag("--json", "Print one JSON document.");

  LogVerifyCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
        this,
        "Proves that no entry of the rotation log was changed, removed, inserted or reordered, and"
            + " that its end was not cut. Exit 0: proven; 1: broken.",
        json);
  }

  @Override
  public Integer call() throws ConfigException {
    Config config = refreshd.load(References.LEAVE);
    try (Assembly assembly = Assembly.reading(config, refreshd.clock())) {
      assembly.elsewhereWarning().ifPresent(refreshd.console()::warn);
      LogProof proof = refreshd.console().during("proving the rotation log", assembly::verifyLog);
      if (json.isGiven()) {
        refreshd.console().print(Assembly.json(proof));
      } else {
        proof.restores().forEach(this::print);
        print(proof);
      }
      return proof.isProven() ? 0 : Refreshd.FAILED;
    }
  }

  private void print(LogRestore restore) {
    Console console = refreshd.console();
    String word = console.paint(Console.Paint.YELLOW, Event.RESTORED.word());
    console.print(
        word + ": entry " + restore.seq() + " of " + restore.at() + ": " + restore.message());
  }

  private void print(LogProof proof) {
    Console console = refreshd.console();
    for (LogFault fault : proof.faults()) {
      String kind = console.paint(Console.Paint.RED, fault.kind().word());
      console.print(kind + ": entry " + fault.seq() + " " + fault.what());
    }
    if (proof.more() > 0) {
      console.print("and " + proof.more() + " more places where the chain is broken");
    }
    if (proof.isProven()) {
      console.print("proven: " + read(proof) + end(proof));
    } else {
      console.fail("the rotation log is not as it was written (" + read(proof) + ")");
      console.hint("docs/operations.md, \"Prove the log\", says what each finding means");
    }
    if (proof.unproven() != null) {
      console.warn("the seal of the log's head was not looked at: " + proof.unproven());
    }
  }

  private static String read(LogProof proof) {
    return proof.entries() + (proof.entries() == 1 ? " entry" : " entries");
  }

  private static String end(LogProof proof) {
    return proof.hash() == null
        ? ""
        : ", the newest is " + proof.last() + " with hash " + proof.hash();
  }
}
