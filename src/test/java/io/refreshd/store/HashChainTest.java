package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The encoding stands in the documentation, so that others can check a log. */
class HashChainTest {

  private static final Instant AT = Instant.parse("1970-01-01T00:00:01.000002Z");

  @Test
  void theHashIsThatOfTheDocumentedEncoding() throws Exception {
    Entry entry = new Samples(Samples.turnedByHand()).refused(Samples.LIVE, 12);
    String at = "16:1772366400123456";
    assertThat(HashChain.next(HashChain.START, entry, null))
        .isEqualTo(
            sha256(
                "0".repeat(64)
                    + at
                    + "12:germany/live7:refused5:retry2:12"
                    + at
                    + "-5:450003:4004:dead13:invalid_grant6:7000829:bad_token"
                    + "11:correlation-25:the server says no: \u00fcber-"));
  }

  @Test
  void theNodeIsHashedIfThereIsOne() throws Exception {
    Entry entry = Entry.of(AT, null, Event.REVEALED, null);
    String fields = "7:1000002-8:revealed" + "-".repeat(14);
    assertThat(HashChain.next(HashChain.START, entry, null))
        .isEqualTo(sha256("0".repeat(64) + fields));
    assertThat(HashChain.next(HashChain.START, entry, "web1/3fa9"))
        .isEqualTo(sha256("0".repeat(64) + fields + "9:web1/3fa9"));
  }

  @Test
  void whatIsAbsentIsNotWhatIsEmpty() {
    Entry absent = Entry.of(AT, null, Event.REVEALED, null);
    Entry empty = Entry.of(AT, null, Event.REVEALED, "");
    assertThat(HashChain.next(HashChain.START, absent, null))
        .isNotEqualTo(HashChain.next(HashChain.START, empty, null));
  }

  @Test
  void everyHashDependsOnTheOneBefore() {
    Entry entry = Entry.of(AT, Samples.LIVE, Event.REVEALED, "shown");
    String first = HashChain.next(HashChain.START, entry, null);
    assertThat(HashChain.next(first, entry, null)).isNotEqualTo(first).matches("[0-9a-f]{64}");
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
