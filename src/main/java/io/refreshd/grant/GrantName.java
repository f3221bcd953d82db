package io.refreshd.grant;

import java.util.Comparator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a grant, {@code tenant/name}: what people, logs and the store call it.
 *
 * @param tenant the name of the entry under {@code tenants:}, not the directory's id
 * @param name the grant's own name within that tenant
 */
public record GrantName(String tenant, String name) implements Comparable<GrantName> {

  private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /** 2^32 by the golden ratio, odd (Knuth, The Art of Computer Programming 3, 6.4). */
  private static final int SCATTER = 0x9E3779B1;

  private static final Comparator<GrantName> ORDER =
      Comparator.comparing(GrantName::tenant).thenComparing(GrantName::name);

  public GrantName {
    if (!isPart(tenant) || !isPart(name)) {
      throw new IllegalArgumentException(
          "\"" + tenant + "/" + name + "\" is not a grant's name; it would be tenant/grant");
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
          "\"" + text + "\" is not a grant's name; it would be tenant/grant");
    }
    return new GrantName(text.substring(0, slash), text.substring(slash + 1));
  }

  /** Whether the text may stand on either side of the slash: letters, digits, {@code . _ -}. */
  public static boolean isPart(String text) {
    return PART.matcher(text).matches();
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
