package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Entry.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the rotation log, ready to be written but for its place there. Made by whoever asks
 * for it: the writer's time is dear, and the end of the log is everybody's.
 */
final class LogLine {

  // where these stand in a row
  private static final int SEQ = 0;
  private static final int NODE = 15;
  private static final int HASH = 16;

  private final byte[] fields;
  private final @Nullable Object[] row;

  private LogLine(byte[] fields, @Nullable Object[] row) {
    this.fields = fields;
    this.row = row;
  }

  static LogLine of(Entry entry) {
    return new LogLine(HashedFields.of(entry), row(entry));
  }

  static List<LogLine> of(List<Entry> entries) {
    List<LogLine> lines = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      lines.add(of(entry));
    }
    return lines;
  }

  /**
   * Where it stands in the log.
   *
   * @param node the {@link HashedFields#ofNode fields} of who writes it
   */
  LogHead after(LogHead last, byte[] node) {
    return new LogHead(last.seq() + 1, HashChain.next(last.hash(), fields, node));
  }

  /** The row for it, in the order of {@link Sql#LOGGED}. */
  @Nullable Object[] at(LogHead place, @Nullable String node) {
    @Nullable Object[] placed = row.clone();
    placed[SEQ] = place.seq();
    placed[NODE] = node;
    placed[HASH] = place.hash();
    return placed;
  }

  private static @Nullable Object[] row(Entry entry) {
    GrantName grant = entry.grant();
    Refusal refusal = entry.refusal();
    return new @Nullable Object[] {
      null,
      Micros.of(entry.at()),
      grant == null ? null : grant.tenant(),
      grant == null ? null : grant.name(),
      entry.event().word(),
      entry.trigger() == null ? null : entry.trigger().word(),
      entry.generation(),
      Micros.ofNullable(entry.issuedAt()),
      Micros.ofNullable(entry.expiresAt()),
      Micros.ofNullable(entry.duration()),
      entry.httpStatus(),
      entry.correlationId(),
      entry.traceId(),
      entry.message(),
      entry.fingerprint(),
      null,
      null,
      refusal == null ? null : refusal.kind().word(),
      refusal == null ? null : refusal.error(),
      refusal == null ? null : refusal.code(),
      refusal == null ? null : refusal.suberror()
    };
  }
}
