package io.refreshd.rotation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names in an order, each once, in one array of bytes: of a million of them an alert takes a
 * quarter of the memory that objects would. Does not change.
 *
 * <p>How the bytes stand is how stores keep them: how many there are, then each in UTF-8 with its
 * length in bytes before it.
 */
public final class NameSet extends AbstractSet<String> {

  private final ByteBuffer bytes;
  private final int size;

  /** Where each name stands, at a place that hangs on its hash; made once somebody asks for one. */
  private int @Nullable [] places;

  private NameSet(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
    this.size = this.bytes.getInt(0);
  }

  /** These names in their order. */
  public static NameSet of(Set<String> names) {
    return names instanceof NameSet already ? already : written(names);
  }

  /**
   * The same of whatever is called by its text; the caller knows that no name is there twice.
   *
   * @param named gone through twice
   */
  static NameSet written(Collection<?> named) {
    int length = Integer.BYTES;
    for (Object one : named) {
      length += Integer.BYTES + utf8(one).length;
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).putInt(named.size());
    for (Object one : named) {
      byte[] name = utf8(one);
      bytes.putInt(name.length).put(name);
    }
    return new NameSet(bytes.array());
  }

  private static byte[] utf8(Object named) {
    return named.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Takes what {@link #bytes} gave; the array is not copied.
   *
   * @throws IllegalArgumentException if it is nothing of the kind
   */
  public static NameSet read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int left = in.remaining() < Integer.BYTES ? -1 : in.getInt();
    while (left > 0 && in.remaining() >= Integer.BYTES) {
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        break;
      }
      in.position(in.position() + length);
      left--;
    }
    if (left != 0 || in.hasRemaining()) {
      throw new IllegalArgumentException("these are no names");
    }
    return new NameSet(bytes);
  }

  /** All of it; not to be changed. */
  public byte[] bytes() {
    return bytes.array();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean contains(@Nullable Object name) {
    if (!(name instanceof String text) || size == 0) {
      return false;
    }
    int[] known = places();
    for (int at = place(text, known.length); known[at] != 0; at = (at + 1) % known.length) {
      if (text.equals(name(known[at]))) {
        return true;
      }
    }
    return false;
  }

  /** No name stands at 0, where their number does. */
  private synchronized int[] places() {
    int[] known = places;
    if (known == null) {
      known = new int[size + size / 2 + 1];
      for (Names names = new Names(); names.hasNext(); ) {
        int where = names.next;
        int at = place(names.next(), known.length);
        while (known[at] != 0) {
          at = (at + 1) % known.length;
        }
        known[at] = where;
      }
      places = known;
    }
    return known;
  }

  /** Scattered: names that count up would stand side by side. */
  private static int place(String name, int places) {
    int hash = name.hashCode() * 0x9E3779B1;
    return Integer.remainderUnsigned(hash ^ hash >>> 15, places);
  }

  @Override
  public Iterator<String> iterator() {
    return new Names();
  }

  private final class Names implements Iterator<String> {
    private int next = Integer.BYTES;

    @Override
    public boolean hasNext() {
      return next < bytes.limit();
    }

    @Override
    public String next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      String name = name(next);
      next += Integer.BYTES + bytes.getInt(next);
      return name;
    }
  }

  private String name(int where) {
    int length = bytes.getInt(where);
    return new String(bytes.array(), where + Integer.BYTES, length, StandardCharsets.UTF_8);
  }
}
