package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.config.StoreSettings;
import io.refreshd.daemon.Assembly;
import io.refreshd.daemon.KeyChange;
import io.refreshd.grant.GrantName;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

final class KeyCommand {

  private final Refreshd refreshd;

  private final Flag dropsOld =
      new Flag(
          "--drop-old",
          "Make no new key; remove the old ones from this machine's key file.",
          "For a store that machines share: once each of them has the new key.");

  KeyCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    Callable<Integer> rotate = () -> rotate(dropsOld.isGiven());
    return Syntax.of(this, "The key that seals the stored tokens.")
        .addSubcommand(
            "rotate",
            Syntax.of(
                rotate,
                "Makes a new key and reseals every token; safe beside a running daemon.",
                dropsOld));
  }

  private int rotate(boolean dropOld) throws ConfigException {
    Config config = refreshd.load(References.LEAVE);
    try (Assembly assembly = Assembly.writing(config, refreshd.clock())) {
      Console console = refreshd.console();
      IntConsumer soFar = resealed -> console.tellSoFar(Count.of(resealed, "token"));
      KeyChange change =
          console.during(
              dropOld ? "looking for what needs an old key" : "sealing tokens anew",
              () -> dropOld ? assembly.dropOldKeys(soFar) : assembly.rotateKey(soFar));
      if (change.isStopped()) {
        return tellOfTheStop(config, change, dropOld); // before it is closed: the process ends then
      }
      if (!dropOld) {
        refreshd
            .console()
            .print(
                config.key()
                    + (change.isNewKey()
                        ? ": new key, "
                        : ": no new key, but on with the one that was new before: ")
                    + Count.of(change.resealed(), "token")
                    + " resealed");
        hintOthers(config);
      } else if (!change.isOldKeyNeeded() && change.neededBy().isEmpty()) {
        refreshd.console().print(config.key() + ": no old key is in it any more");
      }
      change.damaged().forEach(this::tellDamaged);
      change.damagedBefore().forEach(this::tellDamagedBefore);
      if (change.isOldKeyNeeded()) {
        tellWhoNeedsIt(config, change, dropOld);
      }
      if (!change.neededBy().isEmpty()) {
        tellOfOtherStores(config, change, dropOld);
      }
      return change.isComplete() ? 0 : Refreshd.FAILED;
    }
  }

  private int tellOfTheStop(Config config, KeyChange change, boolean dropOld) {
    refreshd
        .console()
        .fail(
            config.key()
                + ": stopped on the way, with "
                + Count.of(change.resealed(), "token")
                + " resealed; nothing is lost, and the old key is still in it");
    refreshd
        .console()
        .hint(
            "run `refreshd key rotate" + (dropOld ? " --drop-old" : "") + "` again to complete it");
    return Refreshd.FAILED;
  }

  private void tellDamaged(GrantName grant) {
    Console console = refreshd.console();
    console.fail(
        grant + ": its token is damaged, no key opens it, so the new one does not seal it");
    console.hint(
        "enrol anew: refreshd import "
            + grant
            + " (or, if it is not configured any more: refreshd forget "
            + grant
            + ")");
  }

  private void tellDamagedBefore(GrantName grant) {
    Console console = refreshd.console();
    console.fail(
        grant
            + ": the token before its current one is damaged, no key opens it; the current one is"
            + " well");
    console.hint("its next rotation replaces it: refreshd rotate " + grant);
  }

  private void tellWhoNeedsIt(Config config, KeyChange change, boolean dropOld) {
    boolean isDamaged = !change.damaged().isEmpty() || !change.damagedBefore().isEmpty();
    refreshd
        .console()
        .fail(
            config.key()
                + ": the old key is still in it: "
                + (isDamaged
                    ? "it sealed what is damaged"
                    : "a token that waits for the store needs it, or the log's head"));
    refreshd
        .console()
        .hint(
            (isDamaged ? "when that is replaced" : "when `refreshd doctor` is well")
                + ", run `refreshd key rotate"
                + (dropOld ? " --drop-old" : "")
                + "` again");
  }

  private void tellOfOtherStores(Config config, KeyChange change, boolean dropOld) {
    Console console = refreshd.console();
    console.warn(
        config.key()
            + ": the old key is still in it, for other stores that it seals, or may seal: "
            + change.neededBy().stream().map(Path::toString).collect(Collectors.joining(", ")));
    console.hint(
        "give each of them the new key: run `refreshd key rotate` with a configuration that names"
            + " it as store.url, this file as store.key and a log.file of its own; or move it away,"
            + " with a copy of this file. then run `refreshd key rotate"
            + (dropOld ? " --drop-old" : "")
            + "` here again");
  }

  /** Each machine has a key file of its own. */
  private void hintOthers(Config config) {
    if (config.store() instanceof StoreSettings.Postgres) {
      refreshd
          .console()
          .hint(
              "copy "
                  + config.key()
                  + " to the other machines of this store now: until then they hold what they"
                  + " redeem. the old key is still in it, for what they hold; when all of them"
                  + " have the file, run `refreshd key rotate --drop-old` on each");
    }
  }
}
