package io.refreshd.fault.network;

import java.util.Locale;

/** A place in an exchange at which something happens, in the order of the way. */
enum Position {
  BEFORE_REQUEST,
  IN_REQUEST_LINE,
  IN_REQUEST_HEADERS,
  BEFORE_REQUEST_BODY,
  IN_REQUEST_BODY,
  BEFORE_LAST_REQUEST_BYTE,
  /** The request is whole, and the server never gets it. */
  AFTER_REQUEST,

  /** The server has redeemed, and none of its answer comes through. */
  BEFORE_ANSWER,
  IN_STATUS_LINE,
  BEFORE_ANSWER_HEADERS,
  IN_ANSWER_HEADERS,
  BEFORE_ANSWER_BODY,
  BEFORE_TOKEN,
  IN_TOKEN,
  AFTER_TOKEN,
  BEFORE_LAST_BYTE,

  IN_CHUNK_SIZE,
  IN_CHUNK,
  BETWEEN_CHUNKS,
  BEFORE_LAST_CHUNK,
  IN_LAST_CHUNK,

  AFTER_ANSWER;

  private static final String TOKEN = "\"refresh_token\":\"";

  /** Where that is in the message; {@link Message#UNKNOWN} as long as too little of it is there. */
  int in(Message message) {
    return switch (this) {
      case BEFORE_REQUEST, BEFORE_ANSWER -> 0;
      case IN_REQUEST_LINE -> 5;
      case IN_STATUS_LINE -> 7;
      case BEFORE_ANSWER_HEADERS -> message.lineEnd();
      case IN_REQUEST_HEADERS, IN_ANSWER_HEADERS -> after(message.lineEnd(), 20);
      case BEFORE_REQUEST_BODY, BEFORE_ANSWER_BODY -> message.bodyStart();
      case IN_REQUEST_BODY -> after(message.bodyStart(), 40);
      case BEFORE_LAST_REQUEST_BYTE -> after(message.end(), -1);
      case AFTER_REQUEST -> message.end();
      case BEFORE_TOKEN -> token(message) - 3;
      case IN_TOKEN -> token(message) + 25;
      case AFTER_TOKEN -> message.text().indexOf('"', token(message) + 20) + 1;
      case IN_CHUNK_SIZE -> message.bodyStart() + 1;
      case IN_CHUNK -> message.bodyStart() + 12;
      case BETWEEN_CHUNKS -> message.firstChunkEnd();
      case BEFORE_LAST_CHUNK -> message.text().length() - 5;
      case IN_LAST_CHUNK -> message.text().length() - 3;
      case BEFORE_LAST_BYTE -> message.text().length() - 1;
      case AFTER_ANSWER -> message.text().length();
    };
  }

  boolean isOfRequest() {
    return compareTo(AFTER_REQUEST) <= 0;
  }

  boolean isOfChunks() {
    return compareTo(IN_CHUNK_SIZE) >= 0 && compareTo(IN_LAST_CHUNK) <= 0;
  }

  /** Within a JSON text, where the framing does not tell that it is cut. */
  boolean isOfBody() {
    return compareTo(BEFORE_ANSWER_BODY) >= 0 && !isOfChunks();
  }

  String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static int after(int known, int more) {
    return known == Message.UNKNOWN ? Message.UNKNOWN : known + more;
  }

  private static int token(Message message) {
    return message.text().indexOf(TOKEN);
  }
}
