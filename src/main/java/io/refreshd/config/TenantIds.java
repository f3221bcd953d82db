package io.refreshd.config;

import io.refreshd.config.Node.Scalar;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads directory ids. */
final class TenantIds {

  private static final Pattern GUID =
      Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");
  private static final Pattern LABEL =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
  private static final int LONGEST_DOMAIN = 253;

  private static final String MANY =
      " stands for many directories, a token belongs to one, and Entra may refuse it there"
          + " (AADSTS50194, 90124, 90130, 9001023); would be the id of the directory that gave the"
          + " consent";

  /** The id is that of {@code tid} (Microsoft: ID token claims reference). */
  private static final String PERSONAL =
      " stands for personal accounts, and Entra may refuse it there (AADSTS90124, 90130, 9001023);"
          + " would be the id of their directory, 9188040d-6c67-4c5b-b112-36a304b66dad";

  /** Names that Entra takes in an id's place, and why not to. */
  private static final Map<String, String> SHARED =
      Map.of("common", MANY, "organizations", MANY, "consumers", PERSONAL);

  private TenantIds() {}

  static String read(Scalar scalar) throws Mistake {
    String text = scalar.text();
    String shared = SHARED.get(text.toLowerCase(Locale.ROOT));
    if (shared != null) {
      throw new Mistake(scalar.place(), Mistake.quoted(text) + shared);
    }
    if (!GUID.matcher(text).matches() && !isDomain(text)) {
      throw new Mistake(
          scalar.place(),
          Mistake.quoted(text)
              + " is not a directory's id; would be a GUID, or a domain such as"
              + " contoso.onmicrosoft.com");
    }
    return text;
  }

  /** RFC 1123 section 2.1. */
  private static boolean isDomain(String text) {
    String[] labels = text.split("\\.", -1);
    if (labels.length < 2 || text.length() > LONGEST_DOMAIN) {
      return false;
    }
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        return false;
      }
    }
    return true;
  }
}
