package io.refreshd.fault.network;

import java.util.Locale;

/**
 * One HTTP message, or the beginning of one. A character stands for a byte.
 *
 * @param text what there is of it
 */
record Message(String text) {

  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final String LENGTH = "\r\ncontent-length:";

  /** Where it is not known yet. */
  static final int UNKNOWN = -1;

  /** Where the first line ends. */
  int lineEnd() {
    int end = text.indexOf("\r\n");
    return end < 0 ? UNKNOWN : end + 2;
  }

  /** Where the body begins. */
  int bodyStart() {
    int end = text.indexOf(END_OF_HEAD);
    return end < 0 ? UNKNOWN : end + END_OF_HEAD.length();
  }

  /** Where it ends, by its Content-Length. */
  int end() {
    return bodyStart() == UNKNOWN ? UNKNOWN : bodyStart() + contentLength();
  }

  private int contentLength() {
    String head = text.substring(0, bodyStart()).toLowerCase(Locale.ROOT);
    int at = head.indexOf(LENGTH);
    return at < 0
        ? 0
        : Integer.parseInt(
            head.substring(at + LENGTH.length(), head.indexOf("\r\n", at + 2)).strip());
  }

  /** Where the first chunk of a chunked body ends, its line break included. */
  int firstChunkEnd() {
    int size = text.indexOf("\r\n", bodyStart());
    return text.indexOf("\r\n", size + 2) + 2;
  }

  String head() {
    return text.substring(0, bodyStart());
  }

  String body() {
    return text.substring(bodyStart());
  }
}
