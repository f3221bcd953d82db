package io.refreshd.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What Linux says of a process in {@code /proc}. */
final class ProcessFigures {

  /** CPU is counted in hundredths of a second, whatever the kernel's own clock. */
  private static final double TICK_MILLIS = 10;

  private static final int UTIME = 11;
  private static final int CUTIME = 13;

  private final Path proc;

  ProcessFigures(long pid) {
    proc = Path.of("/proc", Long.toString(pid));
  }

  /** CPU of it, and of the children that it has waited for. */
  double cpuMillis() throws IOException {
    return millis(UTIME) + millis(CUTIME);
  }

  /** CPU of the children that it has waited for, alone. */
  double childrensCpuMillis() throws IOException {
    return millis(CUTIME);
  }

  /** In the kernel and out of it: two fields, one behind the other. */
  private double millis(int field) throws IOException {
    String stat = Files.readString(proc.resolve("stat"));
    // the name, in parentheses, may hold anything; it is the second field
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 17);
    return (Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) * TICK_MILLIS;
  }

  double residentMib() throws IOException {
    return mib("VmRSS:");
  }

  double mostResidentMib() throws IOException {
    return mib("VmHWM:");
  }

  private double mib(String name) throws IOException {
    try (Stream<String> lines = Files.lines(proc.resolve("status"))) {
      String line = lines.filter(one -> one.startsWith(name)).findFirst().orElse(name + " 0 kB");
      return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024d;
    }
  }
}
