package io.refreshd.fault.network;

import java.util.Locale;

/** How an answer says where it ends. */
enum Framing {
  /** By {@code Content-Length}. */
  LENGTH {
    @Override
    String frame(Message answer) {
      return answer.text();
    }
  },
  /** In chunks (RFC 9112 section 7.1). */
  CHUNKED {
    @Override
    String frame(Message answer) {
      String head = withoutLength(answer.head(), "Transfer-Encoding: chunked");
      String first = answer.body().substring(0, answer.body().length() / 4);
      String rest = answer.body().substring(first.length());
      return head + chunk(first) + chunk(rest) + "0\r\n\r\n";
    }
  },
  /** By closing the connection, as HTTP/1.0 does. */
  CLOSE {
    @Override
    String frame(Message answer) {
      String head = withoutLength(answer.head(), "Connection: close");
      return head.replaceFirst("HTTP/1.1", "HTTP/1.0") + answer.body();
    }
  };

  /** The same answer, framed so. */
  abstract String frame(Message answer);

  private static String withoutLength(String head, String instead) {
    return head.replaceFirst("(?i)\r\ncontent-length:[^\r]*", "\r\n" + instead);
  }

  private static String chunk(String data) {
    return Integer.toHexString(data.length()).toLowerCase(Locale.ROOT) + "\r\n" + data + "\r\n";
  }
}
