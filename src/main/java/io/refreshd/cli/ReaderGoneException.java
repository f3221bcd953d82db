package io.refreshd.cli;

/** Nobody reads the result any more: a good reason to end, and no fault. */
final class ReaderGoneException extends RuntimeException {

  private static final long serialVersionUID = 1L;
}
