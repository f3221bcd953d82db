package io.refreshd.store;

import io.refreshd.grant.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A store in a PostgreSQL database, which many daemons may share.
 *
 * @param url of JDBC, without user and password
 * @param username {@code null} where the driver's own rules say who
 * @param password {@code null} where the server asks for none
 * @param base of this machine's own files
 * @param keyFile the sealing keys
 */
public record PostgresLocation(
    String url, @Nullable String username, @Nullable Secret password, Path base, Path keyFile)
    implements StoreLocation {

  public PostgresLocation {
    base = base.toAbsolutePath().normalize();
    keyFile = keyFile.toAbsolutePath().normalize();
  }

  /** Without the parameters of the URL: they concern nobody, and some are secret. */
  @Override
  public String toString() {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }
}
