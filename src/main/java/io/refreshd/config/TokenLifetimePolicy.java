package io.refreshd.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token lifetime policy of a directory, as an administrator has it. Entra honours little of it
 * any more; it is read to say so.
 *
 * @param file that it stands in, as the user named it
 * @param name its display name; {@code null} if the file holds the bare policy
 * @param settings what it sets, in the order of the file
 */
public record TokenLifetimePolicy(String file, @Nullable String name, List<Setting> settings) {

  public TokenLifetimePolicy {
    settings = List.copyOf(settings);
  }

  /** What the policy does not set. */
  public List<PolicyProperty> absent() {
    List<PolicyProperty> given = settings.stream().map(Setting::property).toList();
    return Arrays.stream(PolicyProperty.values()).filter(one -> !given.contains(one)).toList();
  }

  /**
   * A property with its value.
   *
   * @param place {@code file:line:column}
   * @param written as it stands there
   * @param duration {@code null} for until-revoked
   */
  public record Setting(
      PolicyProperty property, String place, String written, @Nullable Duration duration) {

    /** Whether Entra takes the value, or took it while it honoured the property. */
    public boolean isWithinBounds() {
      return duration == null
          ? property.isUnlimited()
          : duration.compareTo(property.minimum()) >= 0
              && duration.compareTo(property.maximum()) <= 0;
    }
  }
}
