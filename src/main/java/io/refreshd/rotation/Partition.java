package io.refreshd.rotation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A share of a fleet that one daemon at a time works on: whole tenants, found by a stable hash of
 * their names, so that their number has no say in the number of partitions.
 *
 * @param number from 0
 * @param of how many there are: a power of two, 256 at most
 */
public record Partition(int number, int of) {

  /** The whole fleet: nobody shares it. */
  public static final Partition WHOLE = new Partition(0, 1);

  public Partition {
    if (Integer.bitCount(of) != 1 || of > 256 || number < 0 || number >= of) {
      throw new IllegalArgumentException("no partition: " + number + " of " + of);
    }
  }

  /** All of so many. */
  public static List<Partition> all(int of) {
    return IntStream.range(0, of).mapToObj(number -> new Partition(number, of)).toList();
  }

  /** The partition that a tenant belongs to, of so many. */
  public static Partition of(String tenant, int of) {
    return of == 1 ? WHOLE : new Partition(firstOfHash(tenant) & (of - 1), of);
  }

  /** Whether the tenant belongs to it. */
  public boolean has(String tenant) {
    return of(tenant, of).equals(this);
  }

  /** A database can compute it as well: see the index {@code grants_due}. */
  private static byte firstOfHash(String tenant) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(tenant.getBytes(StandardCharsets.UTF_8))[0];
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
