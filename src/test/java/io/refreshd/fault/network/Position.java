package io.refreshd.fault.network;

import java.util.Locale;
import java.util.function.ToIntFunction;

/** A place in an exchange at which something happens, in the order of the way. */
enum Position {
  BEFORE_REQUEST(message -> 0),
  IN_REQUEST_LINE(message -> 5),
  IN_REQUEST_HEADERS(message -> after(message.lineEnd(), 9)),
  BEFORE_REQUEST_BODY(Message::bodyStart),
  IN_REQUEST_BODY(message -> after(message.bodyStart(), 40)),
  BEFORE_LAST_REQUEST_BYTE(message -> after(message.end(), -1)),
  /** The request is whole, and the server never gets it. */
  AFTER_REQUEST(Message::end),

  /** The server has redeemed, and none of its answer comes through. */
  BEFORE_ANSWER(message -> 0),
  IN_STATUS_LINE(message -> 7),
  BEFORE_ANSWER_HEADERS(Message::lineEnd),
  IN_ANSWER_HEADERS(message -> message.lineEnd() + 20),
  BEFORE_ANSWER_BODY(Message::bodyStart),
  BEFORE_TOKEN(message -> token(message) - 3),
  IN_TOKEN(message -> token(message) + 25),
  AFTER_TOKEN(message -> message.text().indexOf('"', token(message) + 20) + 1),
  BEFORE_LAST_BYTE(message -> message.text().length() - 1),

  IN_CHUNK_SIZE(message -> message.bodyStart() + 1),
  IN_CHUNK(message -> message.bodyStart() + 12),
  BETWEEN_CHUNKS(Message::firstChunkEnd),
  BEFORE_LAST_CHUNK(message -> message.text().length() - 5),
  IN_LAST_CHUNK(message -> message.text().length() - 3),

  AFTER_ANSWER(message -> message.text().length());

  private static final String TOKEN = "\"refresh_token\":\"";

  private final ToIntFunction<Message> offset;

  Position(ToIntFunction<Message> offset) {
    this.offset = offset;
  }

  /** Where that is in the message; {@link Message#UNKNOWN} as long as too little of it is there. */
  int in(Message message) {
    return offset.applyAsInt(message);
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
