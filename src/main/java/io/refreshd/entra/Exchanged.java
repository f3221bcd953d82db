package io.refreshd.entra;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one request brought, before anybody has read it. */
sealed interface Exchanged {

  /** Wipes what it holds of tokens, once it has been read. */
  default void wipe() {}

  /**
   * An HTTP answer.
   *
   * @param headers by lower-case name, the first of each
   * @param body as much of it as came
   * @param flaw why the body is not whole, to follow "the answer"; {@code null} if it is
   */
  record Answer(int status, Map<String, String> headers, Body body, @Nullable String flaw)
      implements Exchanged {

    @Nullable String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public void wipe() {
      body.wipe();
    }

    /** Never shows the body: it holds tokens. */
    @Override
    public String toString() {
      return "Answer(" + status + ")";
    }
  }

  /**
   * No answer.
   *
   * @param why for a person
   * @param carried whether the request, or a part of it, was put on a connection
   */
  record NoAnswer(String why, boolean carried) implements Exchanged {}
}
