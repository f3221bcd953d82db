package io.refreshd.entra;

import java.io.IOException;

/** A kept connection holds bytes that nobody asked for; it is not used, and nothing was sent. */
final class UnaskedInput extends IOException {
  private static final long serialVersionUID = 1L;

  UnaskedInput() {
    super("the connection holds more than the answers that were asked for");
  }
}
