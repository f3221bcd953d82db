package io.refreshd.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Counts whole secrets in bytes, as a JVM or a file may hold them: a byte or two bytes for each
 * character. One pass for all secrets: every place is looked up by eight bytes.
 */
final class SecretSearch {

  private static final List<Charset> FORMS =
      List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE);

  /** Behind what tokens begin with, which all of them have in common. */
  private static final int PROBE = 12;

  private static final int SHORTEST = PROBE + Long.BYTES;
  private static final int CHUNK = 1 << 20;

  private static final class Form {
    private final String secret;
    private final byte[] bytes;

    Form(String secret, byte[] bytes) {
      this.secret = secret;
      this.bytes = bytes;
    }
  }

  private final Map<Long, List<Form>> forms = new HashMap<>();
  private final byte[] isProbed = new byte[1 << 16];
  private int longest;

  SecretSearch(Collection<String> secrets) {
    for (String secret : secrets) {
      for (Charset charset : FORMS) {
        Form form = new Form(secret, secret.getBytes(charset));
        if (form.bytes.length < SHORTEST) {
          throw new IllegalArgumentException("too short to be looked for");
        }
        long probe = little(form.bytes).getLong(PROBE);
        forms.merge(probe, List.of(form), SecretSearch::both);
        isProbed[(short) probe & 0xffff] = 1;
        longest = Math.max(longest, form.bytes.length);
      }
    }
  }

  private static List<Form> both(List<Form> some, List<Form> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** How often each secret stands in a file; those that do not are left out. */
  Map<String, Integer> in(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in(in);
    }
  }

  Map<String, Integer> in(InputStream in) throws IOException {
    Map<String, Integer> found = new TreeMap<>();
    byte[] bytes = new byte[CHUNK + longest];
    int kept = 0;
    while (true) {
      int read = in.readNBytes(bytes, kept, CHUNK);
      boolean isEnd = read < CHUNK;
      int end = kept + read;
      int from = isEnd ? end : Math.max(0, end - longest + 1);
      look(bytes, from, end, found);
      if (isEnd) {
        return found;
      }
      kept = end - from;
      System.arraycopy(bytes, from, bytes, 0, kept);
    }
  }

  /** Finds what begins before {@code last} and ends before {@code end}. */
  private void look(byte[] bytes, int last, int end, Map<String, Integer> found) {
    ByteBuffer buffer = little(bytes);
    for (int start = 0; start < last && start + SHORTEST <= end; start++) {
      if (isProbed[buffer.getShort(start + PROBE) & 0xffff] != 0) {
        List<Form> here = forms.getOrDefault(buffer.getLong(start + PROBE), List.of());
        for (Form form : here) {
          int to = start + form.bytes.length;
          if (to <= end && Arrays.equals(bytes, start, to, form.bytes, 0, form.bytes.length)) {
            found.merge(form.secret, 1, Integer::sum);
          }
        }
      }
    }
  }
}
