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

  /** What Entra answers to a redemption there. */
  private static final Map<String, String> SHARED =
      Map.of(
          "common", "AADSTS50194 or 9001023",
          "organizations", "AADSTS50194 or 9001023",
          "consumers", "AADSTS50194 or 9001023");

  private TenantIds() {}

  static String read(Scalar scalar) throws Mistake {
    String text = scalar.text();
    String answer = SHARED.get(text.toLowerCase(Locale.ROOT));
    if (answer != null) {
      throw new Mistake(
          scalar.place(),
          Mistake.quoted(text)
              + " stands for many directories and Entra refuses to redeem there ("
              + answer
              + "); would be the id of the directory that gave the consent");
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
