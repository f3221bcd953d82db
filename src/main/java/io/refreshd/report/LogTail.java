package io.refreshd.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The end of a file of log lines.
 *
 * @param mark of the newest line that can be read; empty if there is none
 * @param end where the last complete line ends; what follows was torn by a crash or a full disk
 * @param ours whether the file is a rotation log, as far as can be told
 */
record LogTail(Optional<LogMark> mark, long end, boolean ours) {

  /** Most lines are shorter than a kilobyte. */
  private static final int FIRST_LOOK = 8 << 10;

  /** No line is longer: a server's answer has at most 64 KiB, and JSON escapes it sixfold. */
  private static final int LAST_LOOK = 1 << 20;

  private static final String FIRST_WORDS = "{\"seq\":";

  static LogTail read(FileChannel file) throws IOException {
    long size = file.size();
    LogTail tail = read(file, size, FIRST_LOOK);
    return tail.mark.isPresent() || size <= FIRST_LOOK ? tail : read(file, size, LAST_LOOK);
  }

  private static LogTail read(FileChannel file, long size, int look) throws IOException {
    long from = Math.max(0, size - look);
    byte[] bytes = bytes(file, from, (int) (size - from));
    int end = lineEnd(bytes, bytes.length);
    Optional<LogMark> mark = Optional.empty();
    for (int to = end; to > 0 && mark.isEmpty(); ) {
      int start = lineEnd(bytes, to - 1);
      mark = LogMark.parse(new String(bytes, start, to - start, StandardCharsets.UTF_8));
      to = start;
    }
    boolean firstLineTorn = from + end == 0 && isStart(bytes);
    return new LogTail(mark, from + end, mark.isPresent() || firstLineTorn);
  }

  /** A power cut may leave zeroes where bytes were to come. */
  private static boolean isStart(byte[] bytes) {
    int written = bytes.length;
    while (written > 0 && bytes[written - 1] == 0) {
      written--;
    }
    int length = Math.min(written, FIRST_WORDS.length());
    return FIRST_WORDS.startsWith(new String(bytes, 0, length, StandardCharsets.UTF_8));
  }

  /** Just behind the last line break before a place; 0 if there is none. */
  private static int lineEnd(byte[] bytes, int before) {
    int end = before;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private static byte[] bytes(FileChannel file, long from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    int read = 0;
    while (buffer.hasRemaining() && read >= 0) {
      read = file.read(buffer, from + buffer.position());
    }
    return buffer.array();
  }
}
