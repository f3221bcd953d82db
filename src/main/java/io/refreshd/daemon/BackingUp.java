package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.BackupLabel;
import io.refreshd.store.StopRequest;
import io.refreshd.store.StoreBackup;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/** Makes a backup of the store that a configuration names, beside whoever works with it. */
public final class BackingUp {

  /**
   * A backup that was made.
   *
   * @param label what it says of itself
   * @param held the grants whose newest token waited in a spool: it is in the backup too
   */
  public record Result(BackupLabel label, List<GrantName> held) {
    public Result {
      held = List.copyOf(held);
    }
  }

  private BackingUp() {}

  /**
   * Makes it. If the process is to end meanwhile, what is half made is removed first.
   *
   * @throws io.refreshd.rotation.StoreException if there is none then
   */
  public static Result run(Config config, Path target, Clock clock) {
    return run(config, target, clock, step -> {}, new StopRequest());
  }

  /**
   * The same.
   *
   * @param progress is told of each step; if it throws, the backup stops there
   */
  static Result run(
      Config config,
      Path target,
      Clock clock,
      Consumer<StoreBackup.Step> progress,
      StopRequest stop) {
    try (OrderlyEnd end = OrderlyEnd.by(stop)) {
      StoreBackup.Made made =
          StoreBackup.make(Assembly.location(config), target, clock, progress, stop);
      return new Result(made.label(), made.held());
    }
  }
}
