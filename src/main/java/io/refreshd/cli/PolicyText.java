package io.refreshd.cli;

import io.refreshd.config.Durations;
import io.refreshd.config.PolicyProperty;
import io.refreshd.config.TokenLifetimePolicy;
import io.refreshd.config.TokenLifetimePolicy.Setting;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a token lifetime policy sets, and what comes of it, for people. */
final class PolicyText {

  private static final String RETIRED =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH).format(PolicyProperty.RETIRED_ON);

  private static final int NARROW = 10;
  private static final int WIDE = 27;

  private PolicyText() {}

  /** Everything that is known of each property, and a blank line. */
  static List<String> lines(TokenLifetimePolicy policy) {
    List<String> lines = new ArrayList<>();
    lines.add(policy.file() + (policy.name() == null ? "" : ": \"" + policy.name() + "\""));
    policy.settings().forEach(setting -> lines.addAll(lines(setting)));
    if (!policy.absent().isEmpty()) {
      lines.add("");
      lines.add("not set, so that the default holds:");
    }
    for (PolicyProperty property : policy.absent()) {
      lines.add(line(property.word(), property.standard(), WIDE));
    }
    lines.add("");
    return lines;
  }

  /** The property in one line. */
  static String line(Setting setting) {
    PolicyProperty property = setting.property();
    return property.word()
        + " "
        + value(setting)
        + ": "
        + property
            .instead()
            .map(instead -> "ignored by Entra since " + RETIRED + "; instead: " + instead)
            .orElse("honoured by Entra, for " + property.affects());
  }

  private static List<String> lines(Setting setting) {
    PolicyProperty property = setting.property();
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(property.word() + " " + value(setting));
    lines.add(line("affects", property.affects(), NARROW));
    lines.add(line("default", property.standard(), NARROW));
    lines.add(line("minimum", Durations.format(property.minimum()), NARROW));
    lines.add(line("maximum", maximum(property), NARROW));
    lines.add(
        line(
            "honoured",
            property.isHonoured() ? "yes" : "no: Entra ignores it since " + RETIRED,
            NARROW));
    property.instead().ifPresent(instead -> lines.add(line("instead", instead, NARROW)));
    lines.add(line("schedule", property.schedule(), NARROW));
    return lines;
  }

  private static String maximum(PolicyProperty property) {
    return Durations.format(property.maximum())
        + (property.isUnlimited() ? ", or until-revoked" : "");
  }

  private static String value(Setting setting) {
    Duration duration = setting.duration();
    String value =
        setting.written() + (duration == null ? "" : " (" + Durations.format(duration) + ")");
    return setting.isWithinBounds() ? value : value + ", out of bounds";
  }

  private static String line(String name, String value, int width) {
    return "  " + name + " ".repeat(width - name.length()) + value;
  }
}
