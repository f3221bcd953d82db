package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.Durations;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

final class ImportCommand implements Callable<Integer> {

  /** Bytes; real tokens have 1 to 2 KiB. */
  private static final int LIMIT = 64 * 1024;

  private final Refreshd refreshd;

  private final Argument<String> name =
      Argument.word(0, "GRANT", String.class, "tenant/grant, as configured.");

  private final Argument<String> issuedAt =
      Argument.option(
          "--issued-at",
          "T",
          String.class,
          "When the token was issued: an instant, or a duration back (20d).");

  private final Argument<String> signedInAt =
      Argument.option(
          "--signed-in-at",
          "T",
          String.class,
          "When the person signed in for it: an instant, or a duration back.");

  private final Flag noRedeem =
      new Flag("--no-redeem", "Store it as it is; the daemon redeems it.");

  private final Flag newUser =
      new Flag(
          "--new-user",
          "It may be another user's or tenant's than the one recorded for the grant.");

  ImportCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
        this,
        "Brings a first token in, from standard input; redeems it at once, so that its issue time"
            + " is known.",
        name,
        issuedAt,
        signedInAt,
        noRedeem,
        newUser);
  }

  @Override
  public Integer call() throws ConfigException, IOException, InterruptedException {
    Config config = refreshd.load(References.RESOLVE);
    Grant grant = Refreshd.grant(config, name.get());
    Import imported =
        new Import(
            token(grant),
            past("--issued-at", issuedAt.orNull()),
            past("--signed-in-at", signedInAt.orNull()),
            !noRedeem.isGiven(),
            newUser.isGiven());
    warnIfOver(grant, imported);
    try (Assembly assembly = Assembly.writing(config, refreshd.clock())) {
      return tell(assembly.bringIn(grant, imported));
    }
  }

  /** It takes the place of what may be well, unseen. */
  private void warnIfOver(Grant grant, Import imported) {
    Instant issued = imported.issuedAt();
    if (issued != null
        && !imported.redeem()
        && !issued.plus(grant.lifetime()).isAfter(refreshd.clock().instant())) {
      refreshd
          .console()
          .warn(
              grant.name()
                  + ": a token that was issued at "
                  + issued
                  + " is over, for it is good for "
                  + Durations.format(grant.lifetime())
                  + "; without --no-redeem the endpoint decides");
    }
  }

  private @Nullable Instant past(String option, @Nullable String text) {
    Instant time = TimeArgument.parse(option, text, refreshd.clock());
    if (time != null && time.isAfter(refreshd.clock().instant())) {
      throw new UsageException(
          option + ": " + time + " is in the future", "when it happened: an instant, or 20d");
    }
    return time;
  }

  private int tell(Outcome outcome) {
    Console console = refreshd.console();
    if (outcome instanceof Outcome.Rotated) {
      console.print(OutcomeText.of(outcome, refreshd.clock().instant()));
      return OutcomeText.isSuccess(outcome) ? 0 : Refreshd.FAILED;
    }
    if (outcome instanceof Outcome.Failed failed) {
      console.fail(
          failed.grant()
              + ": the token was not accepted ("
              + failed.refused().kind().word()
              + "): "
              + failed.refused().message());
      console.say("nothing was stored");
      console.hint(ImportAdvice.of(failed.refused().kind()));
    } else {
      console.fail(OutcomeText.of(outcome, refreshd.clock().instant()));
    }
    return Refreshd.FAILED;
  }

  /** Editors begin a file with a byte order mark, which is no part of the token. */
  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private RefreshToken token(Grant grant) throws IOException {
    String text;
    if (refreshd.console().isTerminal()) {
      char[] typed = refreshd.console().askSecretly(grant.name() + ": refresh token (not shown): ");
      text = typed == null ? "" : new String(typed);
      Arrays.fill(typed == null ? new char[0] : typed, ' ');
    } else {
      byte[] bytes = refreshd.console().read(LIMIT + 1);
      if (bytes.length > LIMIT) {
        throw new UsageException(
            grant.name() + ": standard input holds more than 64 KiB",
            "give the refresh token alone, not the whole answer");
      }
      text = new String(bytes, StandardCharsets.UTF_8);
      Arrays.fill(bytes, (byte) 0);
    }
    try {
      String token = withoutMark(text).strip();
      if (token.startsWith("{")) {
        throw new IllegalArgumentException("standard input holds JSON, not a refresh token");
      }
      return RefreshToken.of(token);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          grant.name() + ": " + e.getMessage(),
          "refreshd import " + grant.name() + " < FILE, where FILE holds the refresh token alone");
    }
  }
}
