package io.refreshd.it;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All memory that a process may write, by {@code /proc}: heap, stacks, what libraries allocate. */
final class ProcessMemory {

  private static final Pattern WRITABLE = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) rw.*");
  private static final int CHUNK = 1 << 16;

  private final Path proc;

  ProcessMemory(long pid) {
    proc = Path.of("/proc", Long.toString(pid));
  }

  /** Whether the kernel lets this process look into that one. */
  boolean isReadable() {
    try (RandomAccessFile memory = open()) {
      for (String line : Files.readAllLines(proc.resolve("maps"))) {
        Matcher region = WRITABLE.matcher(line);
        if (region.matches()) {
          memory.seek(Long.parseLong(region.group(1), 16));
          return memory.read() >= 0;
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private RandomAccessFile open() throws IOException {
    return new RandomAccessFile(proc.resolve("mem").toFile(), "r");
  }

  /** What was found, and in how many bytes. */
  record Look(Map<String, Integer> found, long bytes) {
    int copies() {
      return found.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  Look look(SecretSearch search) throws IOException {
    Map<String, Integer> found = new TreeMap<>();
    long looked = 0;
    try (RandomAccessFile memory = open()) {
      for (String line : Files.readAllLines(proc.resolve("maps"))) {
        Matcher region = WRITABLE.matcher(line);
        if (region.matches()) {
          long from = Long.parseLong(region.group(1), 16);
          byte[] bytes = read(memory, from, Long.parseLong(region.group(2), 16));
          search
              .in(new ByteArrayInputStream(bytes))
              .forEach((secret, times) -> found.merge(secret, times, Integer::sum));
          looked += bytes.length;
        }
      }
    }
    return new Look(found, looked);
  }

  /** A region, as far as it can be read: of a mapped file the end may be missing. */
  private static byte[] read(RandomAccessFile memory, long from, long to) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(to - from)];
    memory.seek(from);
    int read = 0;
    try {
      while (read < bytes.length) {
        int some = memory.read(bytes, read, Math.min(CHUNK, bytes.length - read));
        if (some < 0) {
          break;
        }
        read += some;
      }
    } catch (IOException e) {
      return Arrays.copyOf(bytes, read);
    }
    return bytes;
  }
}
