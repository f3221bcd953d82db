package io.refreshd.grant;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whose grant it is, as far as the access token tells.
 *
 * @param tenantId claim {@code tid}
 * @param subject claim {@code oid}, else {@code sub}, with its claim's name before it: {@code
 *     oid:…}
 */
public record Identity(@Nullable String tenantId, @Nullable String subject) {

  /** Nothing is known. */
  public static final Identity UNKNOWN = new Identity(null, null);

  /**
   * Whether the two cannot be the same user in the same tenant. What either does not know, or knows
   * by another claim, is no conflict.
   */
  public boolean conflictsWith(Identity other) {
    return differ(tenantId, other.tenantId)
        || (differ(subject, other.subject) && Objects.equals(claim(subject), claim(other.subject)));
  }

  /** This identity, with what it does not know taken from the other. */
  public Identity or(Identity other) {
    return new Identity(
        tenantId != null ? tenantId : other.tenantId, subject != null ? subject : other.subject);
  }

  private static boolean differ(@Nullable String a, @Nullable String b) {
    return a != null && b != null && !a.equals(b);
  }

  private static @Nullable String claim(@Nullable String subject) {
    return subject == null ? null : subject.substring(0, subject.indexOf(':') + 1);
  }
}
