package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Entry.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an entry as {@link HashChain} hashes them: of an entry that is to be written, or of
 * a row that is there. A row is taken as its bytes stand, whether or not they make an entry: so
 * every change of them shows.
 */
final class HashedFields {

  private static final byte[] SLASH = {'/'};

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

  private HashedFields() {}

  /** Of an entry, but for the node, which stands last. */
  static byte[] of(Entry entry) {
    GrantName grant = entry.grant();
    Refusal refusal = entry.refusal();
    return new HashedFields()
        .with(Micros.of(entry.at()))
        .with(grant == null ? null : grant.toString())
        .with(entry.event().word())
        .with(entry.trigger() == null ? null : entry.trigger().word())
        .with(entry.generation())
        .with(Micros.ofNullable(entry.issuedAt()))
        .with(Micros.ofNullable(entry.expiresAt()))
        .with(Micros.ofNullable(entry.duration()))
        .with(entry.httpStatus())
        .with(refusal == null ? null : refusal.kind().word())
        .with(refusal == null ? null : refusal.error())
        .with(refusal == null ? null : refusal.code())
        .with(refusal == null ? null : refusal.suberror())
        .with(entry.correlationId())
        .with(entry.traceId())
        .with(entry.message())
        .with(entry.fingerprint())
        .out
        .toByteArray();
  }

  /** An entry that names none hashes as entries did before any was named. */
  static byte[] ofNode(@Nullable String node) {
    return node == null ? new byte[0] : new HashedFields().with(node).out.toByteArray();
  }

  /** Of the columns from {@code at} to {@code node}. */
  static byte[] of(Columns row) throws SQLException {
    HashedFields fields = new HashedFields();
    fields.with(row.number());
    fields.withName(row.findBytes(), row.findBytes());
    fields.with(row.findBytes()).with(row.findBytes());
    fields.with(row.findNumber()).with(row.findNumber()).with(row.findNumber());
    fields.with(row.findNumber()).with(row.findNumber());
    for (int text = 0; text < 8; text++) {
      fields.with(row.findBytes());
    }
    byte[] node = row.findBytes();
    return (node == null ? fields : fields.with(node)).out.toByteArray();
  }

  /** Half a name is no name, and not the same as none. */
  private void withName(byte @Nullable [] tenant, byte @Nullable [] name) {
    if (tenant == null && name == null) {
      with((byte[]) null);
      return;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(tenant == null ? new byte[0] : tenant);
    whole.writeBytes(SLASH);
    whole.writeBytes(name == null ? new byte[0] : name);
    with(whole.toByteArray());
  }

  private HashedFields with(@Nullable Number number) {
    return with(number == null ? null : number.toString());
  }

  private HashedFields with(@Nullable String text) {
    return with(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
  }

  private HashedFields with(byte @Nullable [] text) {
    if (text == null) {
      out.write('-');
    } else {
      out.writeBytes(Integer.toString(text.length).getBytes(StandardCharsets.US_ASCII));
      out.write(':');
      out.writeBytes(text);
    }
    return this;
  }
}
