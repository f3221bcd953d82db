package io.refreshd.fault.network;

import java.util.Locale;

/** What happens at a {@link Position}. */
enum Fault {
  /** Nothing: the proxy passes everything on. */
  NONE,
  /** The connection is closed, in order: with TLS by its goodbye, then FIN. */
  CUT,
  /** FIN without the goodbye of TLS: whoever cuts the cable can do that. */
  TRUNCATE,
  /** RST. */
  RESET,
  /** Nothing comes any more, and the connection stays open. */
  SILENCE,
  /** One byte at a time, and the last one never. */
  DRIP,
  /** Nothing for a moment; then it goes on. */
  DELAY,
  /** Bytes that do not belong there. */
  GARBAGE,
  /** The whole answer once more. */
  DUPLICATE;

  private static final String BYTES = "\u0000\u0007\u001b[31m\u00ff\u00fe\r\n\u0000";

  String words() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What becomes of an answer before it is sent. */
  String spoil(String answer, int at) {
    return switch (this) {
      case GARBAGE -> answer.substring(0, at) + BYTES + answer.substring(at);
      case DUPLICATE -> answer + answer;
      default -> answer;
    };
  }

  /** Whether the client may get an end only by its own deadline. */
  boolean isEndless() {
    return this == SILENCE || this == DRIP || this == GARBAGE;
  }
}
