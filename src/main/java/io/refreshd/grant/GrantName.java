package io.refreshd.grant;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The name of a grant, {@code tenant/name}: what people, logs and the store call it.
 *
 * @param tenant the name of the entry under {@code tenants:}, not the directory's id
 * @param name the grant's own name within that tenant
 */
public record GrantName(String tenant, String name) implements Comparable<GrantName> {

  private static final int LONGEST_PART = 100;

  /** 2^32 by the golden ratio, odd (Knuth, The Art of Computer Programming 3, 6.4). */
  private static final int SCATTER = 0x9E3779B1;

  private static final Comparator<GrantName> ORDER =
      Comparator.comparing(GrantName::tenant).thenComparing(GrantName::name);

  public GrantName {
    if (!isPart(tenant) || !isPart(name)) {
      throw new IllegalArgumentException(
          "\""
              + Shown.of(tenant + "/" + name)
              + "\" is not a grant's name; it would be tenant/grant");
    }
  }

  /**
   * Reads {@code tenant/name}.
   *
   * @throws IllegalArgumentException if the text is not of that form
   */
  public static GrantName parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "\"" + Shown.of(text) + "\" is not a grant's name; it would be tenant/grant");
    }
    return new GrantName(text.substring(0, slash), text.substring(slash + 1));
  }

  /**
   * Whether the text may stand on either side of the slash: 1 to 100 ASCII letters, digits, {@code
   * . _ -}, a letter or digit first. By hand, for a fleet's names are looked at by the million.
   */
  public static boolean isPart(String text) {
    if (text.isEmpty() || text.length() > LONGEST_PART || !isLetterOrDigit(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** Written out, as the one below: those of a record are put together when the program starts. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof GrantName that
            && name.equals(that.name)
            && tenant.equals(that.tenant));
  }

  /** Scattered: names that count up, {@code tenant-12/user-34}, would meet by the hash of texts. */
  @Override
  public int hashCode() {
    return tenant.hashCode() * SCATTER ^ name.hashCode();
  }

  @Override
  public int compareTo(GrantName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return tenant + "/" + name;
  }
}
