package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;

/** Where the daemon gets its configuration from. */
@FunctionalInterface
public interface ConfigSource {

  /**
   * Reads it, anew with each call: files, secrets, certificates.
   *
   * @throws ConfigException with every problem
   */
  Config load() throws ConfigException;
}
