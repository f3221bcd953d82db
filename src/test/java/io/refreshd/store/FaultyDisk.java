package io.refreshd.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A disk on which the nth call fails, and none after it or all, until it is mended. Calls to the
 * database are its statements and the steps through their rows.
 */
public final class FaultyDisk implements Disk {

  /** What of a store is on it. */
  public enum Part {
    DATABASE,
    SPOOL,
    KEY_FILE,
    HEAD_FILE
  }

  /** How a call fails. */
  public enum How {
    /** Nothing can be written for want of space. */
    FULL(SQLiteErrorCode.SQLITE_FULL, "No space left on device"),
    /** Nothing can be written at all. */
    READ_ONLY(SQLiteErrorCode.SQLITE_READONLY, "Read-only file system"),
    /** Reading fails as well. */
    FAILING(SQLiteErrorCode.SQLITE_IOERR, "Input/output error"),
    /** A write is done, and said to have failed. */
    UNTOLD(SQLiteErrorCode.SQLITE_IOERR, "Input/output error"),
    /** Of what is written to a file only half arrives. */
    TORN(SQLiteErrorCode.SQLITE_IOERR, "Input/output error");

    private final SQLiteErrorCode code;
    private final String text;

    How(SQLiteErrorCode code, String text) {
      this.code = code;
      this.text = text;
    }
  }

  /** Something that is wrong with the disk. */
  public static final class Fault {
    private final Set<Part> parts;
    private final How how;
    private final int from;
    private final int to;
    private int calls;

    private Fault(Set<Part> parts, How how, int from, int to) {
      this.parts = parts;
      this.how = how;
      this.from = from;
      this.to = to;
    }

    /** Whether a call has failed for it. */
    public boolean isHit() {
      return calls >= from;
    }

    private boolean hits(Part part, boolean writes) {
      if (!parts.contains(part) || !(writes || how == How.FAILING)) {
        return false;
      }
      calls++;
      return calls >= from && calls <= to;
    }
  }

  @FunctionalInterface
  private interface FileCall {
    void run() throws IOException;
  }

  private final List<Fault> faults = new ArrayList<>();

  /** Of the calls that follow and that can fail so, the nth fails; all after it too if it lasts. */
  public synchronized Fault fail(Set<Part> parts, How how, int nth, boolean lasts) {
    Fault fault = new Fault(parts, how, nth, lasts ? Integer.MAX_VALUE : nth);
    faults.add(fault);
    return fault;
  }

  /** All is well again. */
  public synchronized void mend() {
    faults.clear();
  }

  /** Opens a store on this disk. */
  public OpenStore open(StoreLocation location, String owner, Clock clock) {
    return TokenStores.openToWrite(location, owner, 2, clock, Samples.nanosOf(clock), this);
  }

  /** How the next call fails, if it does. */
  private synchronized @Nullable How next(Part part, boolean writes) {
    for (Fault fault : faults) {
      if (fault.hits(part, writes)) {
        return fault.how;
      }
    }
    return null;
  }

  // the store's own files

  private static Part partOf(Path file) {
    String name = file.getFileName().toString();
    if (name.contains(".spool-")) {
      return Part.SPOOL;
    }
    return name.contains(".head") ? Part.HEAD_FILE : Part.KEY_FILE;
  }

  private void call(Path file, boolean writes, FileCall call) throws IOException {
    How how = next(partOf(file), writes);
    if (how == null || how == How.UNTOLD) {
      call.run();
    }
    if (how != null) {
      throw new IOException(how.text);
    }
  }

  @Override
  public void create(Path file) throws IOException {
    call(file, true, () -> Disk.super.create(file));
  }

  @Override
  public byte[] read(Path file) throws IOException {
    call(file, false, () -> {});
    return Disk.super.read(file);
  }

  @Override
  public void read(Path file, RandomAccessFile open, byte[] bytes) throws IOException {
    call(file, false, () -> Disk.super.read(file, open, bytes));
  }

  @Override
  public void write(Path file, RandomAccessFile open, byte[] bytes, int length) throws IOException {
    How how = next(partOf(file), true);
    if (how == null || how == How.UNTOLD) {
      Disk.super.write(file, open, bytes, length);
    } else if (how == How.TORN) {
      Disk.super.write(file, open, bytes, length / 2);
    }
    if (how != null) {
      throw new IOException(how.text);
    }
  }

  @Override
  public void sync(Path file, RandomAccessFile open) throws IOException {
    call(file, true, () -> Disk.super.sync(file, open));
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    call(to, true, () -> Disk.super.move(from, to));
  }

  @Override
  public void link(Path from, Path to) throws IOException {
    call(to, true, () -> Disk.super.link(from, to));
  }

  @Override
  public void syncFolder(Path file) throws IOException {
    call(file, true, () -> Disk.super.syncFolder(file));
  }

  // the database

  @Override
  public Connection connected(Connection connection) {
    return proxy(Connection.class, connection, "", false);
  }

  private <T> T proxy(Class<T> type, T real, String sql, boolean counts) {
    InvocationHandler handler = new Faulty(real, sql, counts);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private final class Faulty implements InvocationHandler {
    private final Object real;
    private final String sql;
    private final boolean counts;

    Faulty(Object real, String sql, boolean counts) {
      this.real = real;
      this.sql = sql;
      this.counts = counts;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      String name = method.getName();
      boolean isCall = counts && (name.startsWith("execute") || name.equals("next"));
      How how = isCall ? next(Part.DATABASE, !isReading(sql)) : null;
      Object answer = how == null || how == How.UNTOLD ? ask(method, arguments) : null;
      if (how != null) {
        throw new SQLiteException(how.text, how.code);
      }
      if (answer instanceof ResultSet rows) {
        return proxy(ResultSet.class, rows, sql, true);
      }
      if (answer instanceof PreparedStatement statement && arguments != null) {
        return proxy(PreparedStatement.class, statement, String.valueOf(arguments[0]), true);
      }
      return answer;
    }

    private @Nullable Object ask(Method method, Object @Nullable [] arguments) throws Throwable {
      try {
        return method.invoke(real, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  /** To read, to choose how to sync and to roll back takes no space. */
  private static boolean isReading(String sql) {
    return sql.startsWith("SELECT") || sql.startsWith("PRAGMA") || sql.startsWith("ROLLBACK");
  }
}
