package io.refreshd.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Ids that are the same in every run. */
final class Guids {

  private Guids() {}

  static String of(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
