package io.refreshd.store;

import io.refreshd.grant.Generation;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.Identity;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.CircuitChanges;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Standing;
import io.refreshd.rotation.Trigger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A commit and its lease as bytes, to be sealed: what the spool holds. Every field is a text, with
 * its length in bytes before it, or -1 for an absent one.
 */
final class CommitCodec {

  /** A commit that waits for the store. */
  record Waiting(Lease lease, Commit commit) {}

  /** What a commit builds on. */
  private record Expected(int number, @Nullable String fingerprint) {}

  private static final int ABSENT = -1;

  private CommitCodec() {}

  static byte[] encode(Lease lease, Commit commit) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      Writer out = new Writer(new DataOutputStream(bytes));
      out.text(commit.grant());
      out.text(lease.id());
      out.instant(lease.until());
      out.expected(commit);
      out.generation(commit.current());
      out.text(commit.previous() == null ? null : "");
      if (commit.previous() != null) {
        out.generation(commit.previous());
      }
      out.instant(commit.signedInAt());
      out.instant(commit.nextAttemptAt());
      out.text(commit.identity().tenantId());
      out.text(commit.identity().subject());
      out.lesson(commit.learned().issue());
      out.lesson(commit.learned().signIn());
      out.circuits(commit.circuits());
      out.text(commit.entries().size());
      for (Entry entry : commit.entries()) {
        out.entry(entry);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IOException if it is something else
   */
  static Waiting decode(byte[] bytes) throws IOException {
    try {
      return read(bytes);
    } catch (RuntimeException e) {
      // the cause stays out: it may quote what stands where it should not, a token for example
      throw new IOException("it is not a commit (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static Waiting read(byte[] bytes) throws IOException {
    Reader in = new Reader(new DataInputStream(new ByteArrayInputStream(bytes)));
    GrantName grant = GrantName.parse(in.text());
    Lease lease = new Lease(grant, in.text(), in.instant());
    Expected expected = in.expected();
    return new Waiting(
        lease,
        new Commit(
            grant,
            expected.number(),
            expected.fingerprint(),
            in.generation(),
            in.findText() == null ? null : in.generation(),
            in.findInstant(),
            in.instant(),
            new Identity(in.findText(), in.findText()),
            new Learned(in.findLesson(), in.findLesson()),
            in.circuits(),
            in.entries()));
  }

  private record Writer(DataOutputStream out) {

    void text(@Nullable Object value) throws IOException {
      if (value == null) {
        out.writeInt(ABSENT);
        return;
      }
      byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
    }

    void instant(@Nullable Instant instant) throws IOException {
      text(Micros.ofNullable(instant));
    }

    /** In one text: older backups and spools have the number alone. */
    void expected(Commit commit) throws IOException {
      String fingerprint = commit.expectedFingerprint();
      text(fingerprint == null ? commit.expected() : commit.expected() + " " + fingerprint);
    }

    void generation(Generation generation) throws IOException {
      text(generation.number());
      text(generation.token().reveal());
      instant(generation.issuedAt());
      instant(generation.expiresAt());
    }

    void lesson(Learned.@Nullable Lesson lesson) throws IOException {
      text(lesson == null ? null : lesson.code());
      if (lesson != null) {
        instant(lesson.at());
        text(Micros.ofNullable(lesson.limit()));
      }
    }

    void circuits(CircuitChanges changes) throws IOException {
      text(changes.closed().size());
      for (String key : changes.closed()) {
        text(key);
      }
      text(changes.opened().size());
      for (Circuit circuit : changes.opened()) {
        text(circuit.key());
        text(circuit.reach().word());
        instant(circuit.nextAttemptAt());
        standing(circuit.standing());
      }
    }

    private void standing(Standing standing) throws IOException {
      text(standing.failures());
      text(standing.verdicts());
      instant(standing.failingSince());
      instant(standing.lastAttemptAt());
      text(standing.lastOutcome() == null ? null : standing.lastOutcome().word());
      refusal(standing.why());
      text(standing.message());
    }

    void entry(Entry entry) throws IOException {
      instant(entry.at());
      text(entry.grant());
      text(entry.event().word());
      text(entry.trigger() == null ? null : entry.trigger().word());
      text(entry.generation());
      instant(entry.issuedAt());
      instant(entry.expiresAt());
      text(Micros.ofNullable(entry.duration()));
      text(entry.httpStatus());
      refusal(entry.refusal());
      text(entry.correlationId());
      text(entry.traceId());
      text(entry.message());
      text(entry.fingerprint());
    }

    private void refusal(Entry.@Nullable Refusal refusal) throws IOException {
      text(refusal == null ? null : refusal.kind().word());
      if (refusal != null) {
        text(refusal.error());
        text(refusal.code());
        text(refusal.suberror());
      }
    }
  }

  private record Reader(DataInputStream in) {

    @Nullable String findText() throws IOException {
      int length = in.readInt();
      if (length == ABSENT) {
        return null;
      }
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new IOException("ends too early");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }

    String text() throws IOException {
      return Objects.requireNonNull(findText());
    }

    int number() throws IOException {
      return Integer.parseInt(text());
    }

    @Nullable Integer findNumber() throws IOException {
      String text = findText();
      return text == null ? null : Integer.valueOf(text);
    }

    @Nullable Instant findInstant() throws IOException {
      String text = findText();
      return text == null ? null : Micros.instant(Long.parseLong(text));
    }

    Instant instant() throws IOException {
      return Objects.requireNonNull(findInstant());
    }

    @Nullable Duration findDuration() throws IOException {
      String text = findText();
      return text == null ? null : Micros.duration(Long.parseLong(text));
    }

    <E extends Enum<E>> @Nullable E findWord(Class<E> type) throws IOException {
      String word = findText();
      return word == null ? null : Columns.constant(word, type);
    }

    Expected expected() throws IOException {
      String[] parts = text().split(" ", 2);
      return new Expected(Integer.parseInt(parts[0]), parts.length < 2 ? null : parts[1]);
    }

    Generation generation() throws IOException {
      return new Generation(number(), RefreshToken.of(text()), findInstant(), findInstant());
    }

    Learned.@Nullable Lesson findLesson() throws IOException {
      String code = findText();
      return code == null ? null : new Learned.Lesson(code, instant(), findDuration());
    }

    CircuitChanges circuits() throws IOException {
      List<String> closed = new ArrayList<>();
      for (int left = number(); left > 0; left--) {
        closed.add(text());
      }
      List<Circuit> opened = new ArrayList<>();
      for (int left = number(); left > 0; left--) {
        String key = text();
        Reach reach = Columns.constant(text(), Reach.class);
        Instant nextAttemptAt = instant();
        opened.add(new Circuit(key, reach, standing(), nextAttemptAt));
      }
      return new CircuitChanges(opened, closed);
    }

    private Standing standing() throws IOException {
      return new Standing(
          number(),
          number(),
          findInstant(),
          findInstant(),
          findWord(Event.class),
          refusal(),
          findText());
    }

    List<Entry> entries() throws IOException {
      int count = number();
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        entries.add(entry());
      }
      return entries;
    }

    Entry entry() throws IOException {
      return new Entry(
          instant(),
          grant(),
          Objects.requireNonNull(findWord(Event.class)),
          findWord(Trigger.class),
          findNumber(),
          findInstant(),
          findInstant(),
          findDuration(),
          findNumber(),
          refusal(),
          findText(),
          findText(),
          findText(),
          findText());
    }

    private @Nullable GrantName grant() throws IOException {
      String name = findText();
      return name == null ? null : GrantName.parse(name);
    }

    private Entry.@Nullable Refusal refusal() throws IOException {
      RefusalKind kind = findWord(RefusalKind.class);
      return kind == null ? null : new Entry.Refusal(kind, findText(), findText(), findText());
    }
  }
}
