package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Doctor;
import io.refreshd.rotation.Finding;
import io.refreshd.rotation.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

final class DoctorCommand implements Callable<Integer> {

  private static final int FORECAST_SHOWN = 20;

  private final Refreshd refreshd;

  private final Selectors selectors = new Selectors();

  private final Flag json = new Flag("--json", "Print one JSON document.");

  DoctorCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
        this,
        "Names the cause of each problem and the next step: surroundings, endpoints, grants; and"
            + " forecasts who dies when. Presents no token.",
        selectors.words(),
        json);
  }

  @Override
  public Integer call() throws ConfigException, InterruptedException {
    Config config = refreshd.load(References.RESOLVE);
    var unused = selectors.select(config, () -> refreshd.unconfigured(config));
    Instant now = refreshd.clock().instant();
    Doctor doctor = new Doctor(config, refreshd.clock(), refreshd.environment());
    Doctor.Diagnosis diagnosis =
        refreshd
            .console()
            .during(
                "looking at the store, the endpoints and the grants",
                () -> doctor.examine(selectors.meant()));
    if (json.isGiven()) {
      refreshd.console().print(to -> diagnosis.writeJson(to, now));
    } else {
      diagnosis.findings().forEach(this::print);
      forecast(diagnosis, now);
    }
    return diagnosis.isWell() ? 0 : 1;
  }

  private void print(Finding finding) {
    Console console = refreshd.console();
    String level = String.format(Locale.ROOT, "%-8s", finding.level().word());
    console.print(
        console.paint(LifeBar.paint(finding.level()), level)
            + " "
            + finding.subject()
            + ": "
            + finding.what());
    if (finding.next() != null) {
      console.print("           next: " + finding.next());
    }
  }

  private void forecast(Doctor.Diagnosis diagnosis, Instant now) {
    Console console = refreshd.console();
    List<Forecast> forecast = diagnosis.forecast();
    if (forecast.isEmpty()) {
      // who knows too little, or has found a grant dead, must not say that none dies
      console.print(
          diagnosis.isWell()
              ? "forecast: as it stands no grant dies, as long as it is rotated"
              : "forecast: none before the above is seen to");
      return;
    }
    console.print("forecast, if everything stays as it is:");
    for (Forecast end : forecast.subList(0, Math.min(FORECAST_SHOWN, forecast.size()))) {
      console.print("  " + end.diesAt().truncatedTo(ChronoUnit.SECONDS) + "  " + line(end, now));
    }
    if (forecast.size() > FORECAST_SHOWN) {
      console.print("  and " + (forecast.size() - FORECAST_SHOWN) + " more; --json has them all");
    }
  }

  private static String line(Forecast end, Instant now) {
    Duration left = Duration.between(now, end.diesAt());
    String when =
        left.isNegative()
            ? "died " + Span.of(left.negated()) + " ago: "
            : "dies in " + Span.of(left) + ": ";
    return end.grant() + " " + when + end.because();
  }
}
