package io.refreshd.crash;

import static java.util.stream.Collectors.joining;

import io.refreshd.grant.RefreshTokens;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The kills of all servers, as it stands in docs/reliability.md. */
final class CrashTable {

  /** For each server, the tallies of all steps. */
  private final List<List<Tally>> runs;

  CrashTable(List<List<Tally>> runs) {
    this.runs = runs;
  }

  String text() {
    return """
    Kills / losses / redeemed again for nothing:

    %s
    Redeemed again for a lost answer (reusable), needed a consent (single-use):

    %s"""
        .formatted(table(Tally::verdict), table(tally -> Integer.toString(tally.cost())));
  }

  private String table(Function<Tally, String> cell) {
    StringBuilder rows = new StringBuilder();
    rows.append(row("killed", run -> name(run.get(0).server())));
    rows.append("|---|").append("--:|".repeat(runs.size())).append('\n');
    for (Step step : Step.values()) {
      if (step != Step.NEVER) {
        rows.append(row(step.words, run -> find(run, step, cell)));
      }
    }
    return rows.toString();
  }

  private String row(String head, Function<List<Tally>, String> cell) {
    return "| " + head + " | " + runs.stream().map(cell).collect(joining(" | ")) + " |\n";
  }

  private static String find(List<Tally> run, Step step, Function<Tally, String> cell) {
    return run.stream().filter(tally -> tally.step() == step).findAny().map(cell).orElse("–");
  }

  private static String name(TokenServer server) {
    RefreshTokens tokens = server.refreshTokens();
    return server.name() + ", " + tokens.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
