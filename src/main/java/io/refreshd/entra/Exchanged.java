package io.refreshd.entra;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one request brought, before anybody has read it. */
sealed interface Exchanged {

  /**
   * An HTTP answer.
   *
   * @param headers by lower-case name, the first of each
   * @param body empty if it is not whole. Bytes that are not UTF-8 are replacement characters: a
   *     wrongly coded description must not cost us the rest
   * @param flaw why the body is not whole, to follow "the answer"; {@code null} if it is
   */
  record Answer(int status, Map<String, String> headers, String body, @Nullable String flaw)
      implements Exchanged {

    @Nullable String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
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
