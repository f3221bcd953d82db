package io.refreshd.cli;

/** The command line asks for something that cannot be. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private final String hint;

  UsageException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  String hint() {
    return hint;
  }
}
