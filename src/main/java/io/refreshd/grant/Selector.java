package io.refreshd.grant;

import java.util.Optional;

/**
 * Chooses grants by name: {@code tenant}, {@code tenant/grant}, or either with {@code *} and {@code
 * ?}.
 */
public final class Selector {

  private final String text;
  private final String[] parts;

  private Selector(String text) {
    this.text = text;
    this.parts = (text.indexOf('/') < 0 ? text + "/*" : text).split("/", -1);
  }

  public static Selector parse(String text) {
    return new Selector(text);
  }

  public boolean matches(GrantName name) {
    return parts.length == 2 && matches(parts[0], name.tenant()) && matches(parts[1], name.name());
  }

  /** Whether it names one tenant, or one grant: all that it matches is equal to that. */
  public boolean isLiteral() {
    return parts.length == 2
        && GrantName.isPart(parts[0])
        && (isWholeTenant() || GrantName.isPart(parts[1]));
  }

  /** Of a literal one: the tenant. */
  public String tenant() {
    return parts[0];
  }

  /** Of a literal one: the grant in the tenant; empty if it means all of them. */
  public Optional<String> name() {
    return isWholeTenant() ? Optional.empty() : Optional.of(parts[1]);
  }

  private boolean isWholeTenant() {
    return parts[1].equals("*");
  }

  /**
   * In a time that grows with the product of the two lengths, whatever the pattern: where it comes
   * to nothing, only the last star takes one character more. Regular expressions try them all.
   */
  private static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int taken = 0;
    while (n < name.length()) {
      char wanted = p < pattern.length() ? pattern.charAt(p) : 0;
      if (wanted == '*') {
        star = p++;
        taken = n;
      } else if (wanted == '?' || wanted == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++taken;
      } else {
        return false;
      }
    }
    return pattern.substring(p).chars().allMatch(c -> c == '*');
  }

  @Override
  public String toString() {
    return text;
  }
}
