package io.refreshd.grant;

import java.util.regex.Pattern;

/**
 * Chooses grants by name: {@code tenant}, {@code tenant/grant}, or either with {@code *} and {@code
 * ?}.
 */
public final class Selector {

  private final String text;
  private final Pattern pattern;

  private Selector(String text) {
    this.text = text;
    String full = text.indexOf('/') < 0 ? text + "/*" : text;
    StringBuilder regex = new StringBuilder();
    full.chars().forEach(c -> regex.append(regexOf((char) c)));
    this.pattern = Pattern.compile(regex.toString());
  }

  public static Selector parse(String text) {
    return new Selector(text);
  }

  public boolean matches(GrantName name) {
    return pattern.matcher(name.toString()).matches();
  }

  private static String regexOf(char c) {
    return switch (c) {
      case '*' -> "[^/]*";
      case '?' -> "[^/]";
      default -> Pattern.quote(String.valueOf(c));
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
