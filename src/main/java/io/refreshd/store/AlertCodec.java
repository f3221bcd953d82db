package io.refreshd.store;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Concern;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.NameSet;
import io.refreshd.rotation.StoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Alerts and their subjects as bytes. Every field is a text, with its length in bytes before it, or
 * -1 for an absent one; a list has its size before it.
 */
final class AlertCodec {

  private static final int ABSENT = -1;

  private AlertCodec() {}

  static byte[] encode(Alert alert) {
    return written(
        out -> {
          text(out, alert.cause());
          text(out, alert.change().name());
          text(out, alert.level().word());
          text(out, Micros.of(alert.at()));
          text(out, alert.title());
          out.writeInt(alert.concerns().size());
          for (Concern concern : alert.concerns()) {
            text(out, concern.subject());
            text(out, concern.what());
            text(out, concern.why());
            text(out, concern.next());
            text(out, Micros.ofNullable(concern.until()));
          }
          out.writeInt(alert.all());
        });
  }

  /** Reads what {@link #encode(Alert)} wrote. */
  static Alert alert(byte[] bytes) {
    return read(
        bytes,
        in -> {
          Alert named =
              new Alert(
                  text(in),
                  Columns.constant(text(in), Alert.Change.class),
                  Columns.constant(text(in), Level.class),
                  Micros.instant(Long.parseLong(text(in))),
                  text(in),
                  concerns(in));
          // an older refreshd did not write how many there are in all
          return in.available() == 0 ? named : named.ofAll(in.readInt());
        });
  }

  /** The subjects in their order, which tells who was named. */
  static byte[] encode(Set<String> subjects) {
    return NameSet.of(subjects).bytes();
  }

  /** Reads what {@link #encode(Set)} wrote. */
  static Set<String> subjects(byte[] bytes) {
    try {
      return NameSet.read(bytes);
    } catch (IllegalArgumentException e) {
      throw damaged(e);
    }
  }

  private static List<Concern> concerns(DataInputStream in) throws IOException {
    List<Concern> concerns = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      concerns.add(
          new Concern(text(in), text(in), findText(in), findText(in), instant(findText(in))));
    }
    return concerns;
  }

  private static @Nullable Instant instant(@Nullable String micros) {
    return micros == null ? null : Micros.instant(Long.parseLong(micros));
  }

  private static void text(DataOutputStream out, @Nullable Object value) throws IOException {
    if (value == null) {
      out.writeInt(ABSENT);
      return;
    }
    byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return Objects.requireNonNull(findText(in));
  }

  private static @Nullable String findText(DataInputStream in) throws IOException {
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

  @FunctionalInterface
  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  @FunctionalInterface
  private interface Reading<T> {
    T from(DataInputStream in) throws IOException;
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static <T> T read(byte[] bytes, Reading<T> reading) {
    try {
      return reading.from(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
  }

  private static StoreException.Damaged damaged(Exception e) {
    return new StoreException.Damaged("a stored alert is damaged or was changed", e);
  }
}
