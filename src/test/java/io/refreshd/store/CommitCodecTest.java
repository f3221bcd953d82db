package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Identity;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.CircuitChanges;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.Lease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** What the spool gives back is what went in. */
class CommitCodecTest {

  private final Samples samples = new Samples(Samples.turnedByHand());

  @Property
  void aCommitSurvivesTheSpool(
      @ForAll @StringLength(max = 60) String subject,
      @ForAll boolean isImport,
      @ForAll boolean knowsItsAge,
      @ForAll @IntRange(max = 1_000_000) int expected)
      throws IOException {
    Instant issuedAt = knowsItsAge ? samples.now() : null;
    Commit commit =
        new Commit(
            Samples.LIVE,
            expected,
            isImport ? null : Samples.fingerprint(Samples.LIVE, expected),
            new Generation(expected + 2, RefreshToken.of("t".repeat(60_000)), issuedAt, issuedAt),
            isImport ? samples.generation(Samples.LIVE, expected + 1) : null,
            issuedAt,
            samples.now(),
            new Identity(isImport ? null : "tid", subject),
            isImport ? Learned.NOTHING : samples.learned(),
            isImport ? CircuitChanges.NONE : samples.circuits(),
            List.of(samples.refused(Samples.LIVE, 1), samples.rotated(Samples.LIVE, 2)));
    Lease lease = new Lease(Samples.LIVE, "marked-1", samples.now());

    assertThat(CommitCodec.decode(CommitCodec.encode(lease, commit)))
        .isEqualTo(new CommitCodec.Waiting(lease, commit));
  }

  /** Backups and spools from before the fingerprint was written down. */
  @Test
  void aCommitThatAnOlderRefreshdSpooledIsReadWithoutTheFingerprintOfWhatItBuildsOn()
      throws IOException {
    Commit commit = samples.next(Samples.LIVE, 1);
    Lease lease = new Lease(Samples.LIVE, "run", samples.now());
    String whole = new String(CommitCodec.encode(lease, commit), StandardCharsets.ISO_8859_1);
    String with = "1 " + commit.expectedFingerprint();
    String older = whole.replace("\0\0\0" + (char) with.length() + with, "\0\0\0\1" + "1");

    CommitCodec.Waiting read = CommitCodec.decode(older.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(read.commit().expected()).isEqualTo(1);
    assertThat(read.commit().expectedFingerprint()).isNull();
    assertThat(read.commit().current()).isEqualTo(commit.current());
  }

  /** A number that stands where the token does: Java's own message would quote the token. */
  @Test
  void whatIsNoCommitIsNotQuoted() {
    Commit commit = samples.next(Samples.LIVE, 1);
    byte[] bytes = CommitCodec.encode(new Lease(Samples.LIVE, "run", samples.now()), commit);
    String token = commit.current().token().reveal();
    for (int length = 0; length < bytes.length; length += 3) {
      byte[] shifted = Arrays.copyOfRange(bytes, length, bytes.length);
      byte[] cutOff = Arrays.copyOf(bytes, length);

      for (byte[] damaged : List.of(shifted, cutOff)) {
        if (!Arrays.equals(damaged, bytes)) {
          assertThatThrownBy(() -> CommitCodec.decode(damaged))
              .isInstanceOf(IOException.class)
              .satisfies(e -> assertThat(e.toString()).doesNotContain(token.substring(0, 20)))
              .hasNoCause();
        }
      }
    }
  }
}
