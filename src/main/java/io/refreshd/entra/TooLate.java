package io.refreshd.entra;

import java.io.IOException;

/** What allowed for an exchange was over before its first byte was written; nothing was sent. */
final class TooLate extends IOException {
  private static final long serialVersionUID = 1L;

  TooLate() {
    super("it is too late to send anything");
  }
}
