package io.refreshd.config;

import io.refreshd.grant.Cadence;
import io.refreshd.grant.TokenEndpoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is taken for a lifetime, and for a cadence that fits it, where nobody gave one. Entra's
 * tokens live 90 days; those of Azure AD B2C 14 days, unless a user flow says otherwise (Microsoft:
 * configure tokens in Azure Active Directory B2C).
 */
final class StandardLives {

  private static final Duration B2C_LIFETIME = Duration.ofDays(14);

  /** Less than a third of it. */
  private static final Duration B2C_INTERVAL = Duration.ofDays(4);

  private StandardLives() {}

  static @Nullable Duration lifetime(Layers in, @Nullable TokenEndpoint endpoint) {
    return isB2c(endpoint) && !in.has(Keys.LIFETIME) ? B2C_LIFETIME : in.value(Keys.LIFETIME);
  }

  static @Nullable Cadence cadence(
      Layers in, @Nullable TokenEndpoint endpoint, Schedules schedules) {
    boolean isGiven = in.has(Keys.ROTATE_EVERY) || in.has(Keys.ROTATE_CRON);
    return isB2c(endpoint) && !isGiven ? new Cadence.Every(B2C_INTERVAL) : schedules.cadence(in);
  }

  private static boolean isB2c(@Nullable TokenEndpoint endpoint) {
    return endpoint != null && Urls.isB2c(endpoint.base());
  }
}
