package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import java.net.URI;
import java.util.Locale;
import java.util.function.Function;

/** What a webhook takes. */
public enum Format {
  GENERIC(GenericBody::of),
  SLACK(SlackBody::of),
  TEAMS(TeamsBody::of),
  ALERTMANAGER(AlertmanagerBody::of);

  private static final String ALERTS_API = "/api/v2/alerts";

  private final Function<Alert, String> body;

  Format(Function<Alert, String> body) {
    this.body = body;
  }

  /** The word for it in the configuration. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The JSON to post. */
  String body(Alert alert) {
    return body.apply(alert);
  }

  /** Where to post it: of Alertmanager the server alone may be given. */
  URI target(URI url) {
    String path = url.getRawPath();
    return this == ALERTMANAGER && (path == null || path.isEmpty() || path.equals("/"))
        ? url.resolve(ALERTS_API)
        : url;
  }
}
