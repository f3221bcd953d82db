package io.refreshd.config;

import io.refreshd.config.Node.Scalar;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a secret is. Its text is never repeated before it is known to be a reference: it may be the
 * secret itself.
 *
 * @param place where it stands
 * @param scheme what kind of place
 * @param name of the variable, file or credential
 */
record Reference(Place place, Scheme scheme, String name) {

  enum Scheme {
    ENV("[A-Za-z_][A-Za-z0-9_]*"),
    FILE(".+"),
    CREDENTIAL("(?!\\.{1,2}$)[A-Za-z0-9._@-]+");

    private final Pattern name;

    Scheme(String name) {
      this.name = Pattern.compile(name);
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String WOULD = "; would be env:NAME, file:PATH or credential:NAME";
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z]{2,20}):[^:]*");

  /** Whether the text begins as a reference does. */
  static boolean isReference(String text) {
    return Arrays.stream(Scheme.values()).anyMatch(scheme -> text.startsWith(scheme.word() + ":"));
  }

  static Reference read(Node node) throws Mistake {
    Scalar scalar = Values.scalar(node, "a reference: env:NAME, file:PATH or credential:NAME");
    for (Scheme scheme : Scheme.values()) {
      if (scalar.text().startsWith(scheme.word() + ":")) {
        return read(scalar, scheme);
      }
    }
    throw new Mistake(node.place(), wrong(scalar.text()));
  }

  private static Reference read(Scalar scalar, Scheme scheme) throws Mistake {
    String name = scalar.text().substring(scheme.word().length() + 1);
    if (!scheme.name.matcher(name).matches()) {
      throw new Mistake(
          scalar.place(), "what follows " + scheme.word() + ": cannot be a name" + WOULD);
    }
    String resolved = scheme == Scheme.FILE ? FilePaths.resolved(scalar, name).toString() : name;
    return new Reference(scalar.place(), scheme, resolved);
  }

  private static String wrong(String text) {
    var match = SCHEME.matcher(text);
    if (!match.matches()) {
      return "a literal secret may not stand here" + WOULD;
    }
    List<String> words = Arrays.stream(Scheme.values()).map(Scheme::word).toList();
    Optional<String> meant = Nearest.find(match.group(1), words);
    return "an unknown scheme, or a literal secret, which may not stand here"
        + meant.map(word -> "; did you mean " + word + ":?").orElse(WOULD);
  }

  /** {@code env:NAME}. */
  @Override
  public String toString() {
    return scheme.word() + ":" + name;
  }
}
