package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** We ask that nothing be compressed. A gateway may do it all the same. */
class CompressedAnswerTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int LIMIT = 64 * 1024;
  private static final long MOST_MEMORY = 8 << 20;
  private static final String GZIP = "Content-Encoding: gzip\r\n";
  private static final byte[] SUCCESS = Endpoint.SUCCESS.getBytes(StandardCharsets.UTF_8);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final EntraTokenRedeemer redeemer =
      new EntraTokenRedeemer(
          new MutableClock(), new WireLimits(LONG, LONG, LIMIT, 100, 8 * 1024, LONG), null);

  @AfterEach
  void close() {
    redeemer.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {GZIP, "Content-Encoding: x-gzip\r\n", "Content-Encoding: br\r\n", ""})
  void theTokenOfASingleUseServerIsNotLost(String header) throws IOException {
    assertThat(successor(answered(header, gzip(SUCCESS), true))).isEqualTo(Endpoint.SUCCESSOR);
  }

  @Test
  void anAnswerThatIsOnlySaidToBeCompressedIsReadAsItIs() throws IOException {
    assertThat(successor(answered(GZIP, SUCCESS, true))).isEqualTo(Endpoint.SUCCESSOR);
  }

  /** With extra bytes, a name, a comment and a checksum of these (RFC 1952, section 2.3). */
  @Test
  void whateverStandsBeforeTheCompressedPartIsPassedOver() throws IOException {
    byte[] plain = gzip(SUCCESS);
    ByteArrayOutputStream adorned = new ByteArrayOutputStream();
    adorned.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 4 + 8 + 16 + 2, 0, 0, 0, 0, 0, 3});
    adorned.writeBytes(new byte[] {3, 0, 'x', 0, 'y', 'n', 0, 'c', 'c', 0, 1, 2});
    adorned.write(plain, 10, plain.length - 10);

    assertThat(successor(answered(GZIP, adorned.toByteArray(), true)))
        .isEqualTo(Endpoint.SUCCESSOR);
  }

  /** As with an answer that is not compressed: half of one is believed where the token is spent. */
  @Test
  void aTokenInOneThatBreaksOffIsTakenFromASingleUseServerOnly() throws IOException {
    String tail = ",\"x\":\"" + "abcdefgh".repeat(50) + "\"}";
    byte[] whole =
        gzip((Endpoint.SUCCESS.replaceFirst("}\\s*$", "") + tail).getBytes(StandardCharsets.UTF_8));
    byte[] cut = Arrays.copyOf(whole, whole.length - 12);

    assertThat(successor(answered(GZIP, cut, true))).isEqualTo(Endpoint.SUCCESSOR);
    Refused refused = (Refused) answered(GZIP, cut, false);
    assertThat(refused.kind()).isEqualTo(RefusalKind.TRANSIENT);
    assertThat(refused.message()).contains("compressed (gzip)", "not asked for", "not whole");
  }

  @Test
  void aBombIsUnpackedNoFurtherThanABodyMayBe() throws IOException {
    byte[] bomb = gzip(new byte[60 << 20]);
    assertThat(bomb).as("itself within the limit").hasSizeLessThan(LIMIT);
    var first = answered(GZIP, gzip(SUCCESS), false);
    assertThat(first).isInstanceOf(Redeemed.class);
    long before = THREADS.getCurrentThreadAllocatedBytes();

    Refused refused = (Refused) answered(GZIP, bomb, false);

    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_MEMORY);
    assertThat(refused.message()).contains("is larger than 65,536 bytes");
  }

  /** Each member costs Java's own reader a deeper call. */
  @Test
  void thousandsOfEmptyMembersAreNoAnswer() throws IOException {
    byte[] empty = gzip(new byte[0]);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < LIMIT / empty.length; i++) {
      many.writeBytes(empty);
    }

    Refused refused = (Refused) answered(GZIP, many.toByteArray(), false);

    assertThat(refused.kind()).isEqualTo(RefusalKind.TRANSIENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16, 2, 0})
  void whatOnlyBeginsLikeGzipIsNoAnswer(int flags) throws IOException {
    byte[] broken = new byte[64];
    Arrays.fill(broken, (byte) 0xff);
    System.arraycopy(new byte[] {0x1f, (byte) 0x8b, 8, (byte) flags}, 0, broken, 0, 4);

    Refused refused = (Refused) answered(GZIP, broken, false);

    assertThat(refused.answered()).isFalse();
    assertThat(refused.message()).contains("compressed (gzip)", "not whole");
  }

  @Test
  void aCompressionThatWeDoNotKnowIsCalledByItsName() throws IOException {
    byte[] odd = {(byte) 0x8b, 1, 2, 3};

    Refused refused = (Refused) answered("Content-Encoding: br\r\n", odd, false);

    assertThat(refused.kind()).isEqualTo(RefusalKind.TRANSIENT);
    assertThat(refused.message())
        .contains("the answer is compressed (br), which was not asked for");
  }

  private Redemption answered(String header, byte[] body, boolean singleUse) throws IOException {
    String head = "HTTP/1.1 200 OK\r\n" + header + "Content-Length: " + body.length + "\r\n\r\n";
    RawServer.Behaviour answers =
        connection -> {
          RawServer.readRequest(connection);
          RawServer.write(connection, head);
          RawServer.write(connection, body);
        };
    try (RawServer server = new RawServer(answers)) {
      Grants grant = Grants.named("a/b").endpoint(server.endpoint());
      return redeemer.redeem((singleUse ? grant.singleUse() : grant).build(), Endpoint.TOKEN);
    }
  }

  private static String successor(Redemption redemption) {
    assertThat(redemption).isInstanceOf(Redeemed.class);
    return ((Redeemed) redemption).successor().reveal();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }
}
