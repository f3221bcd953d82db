package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import java.net.URI;
import java.util.Locale;

/** What a webhook takes. */
public enum Format {
  GENERIC,
  SLACK,
  TEAMS,
  ALERTMANAGER;

  private static final String ALERTS_API = "/api/v2/alerts";

  /** The word for it in the configuration. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The JSON to post. */
  String body(Alert alert) {
    return switch (this) {
      case GENERIC -> GenericBody.of(alert);
      case SLACK -> SlackBody.of(alert);
      case TEAMS -> TeamsBody.of(alert);
      case ALERTMANAGER -> AlertmanagerBody.of(alert);
    };
  }

  /** Where to post it: of Alertmanager the server alone may be given. */
  URI target(URI url) {
    String path = url.getRawPath();
    return this == ALERTMANAGER && (path == null || path.isEmpty() || path.equals("/"))
        ? url.resolve(ALERTS_API)
        : url;
  }
}
