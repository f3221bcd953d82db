package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import org.jspecify.annotations.Nullable;

/** The store could not do what was asked; the message says why and what to do. */
public class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** What happened to the grant, for whoever names it already: some messages begin with it. */
  public String of(GrantName grant) {
    String message = String.valueOf(getMessage());
    String name = grant + ": ";
    return message.startsWith(name) ? message.substring(name.length()) : message;
  }

  /** The store cannot be read or written just now: full or read-only disk, lock, I/O error. */
  public static final class Unavailable extends StoreException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The sealing key is missing, or not the one that the store was sealed with. */
  public static final class WrongKey extends StoreException {
    private static final long serialVersionUID = 1L;

    public WrongKey(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** What is stored is not what was written: a damaged file, a changed row. */
  public static final class Damaged extends StoreException {
    private static final long serialVersionUID = 1L;

    public Damaged(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
