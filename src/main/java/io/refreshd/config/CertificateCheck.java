package io.refreshd.config;

import io.refreshd.grant.Secret;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whoever can tell whether a client's certificate is usable. */
@FunctionalInterface
public interface CertificateCheck {

  /**
   * Looks into a certificate's file.
   *
   * @param file PEM, or PFX/PKCS#12 by its ending
   * @param password of a PFX file; {@code null} if it has none
   * @return what is wrong, and what would be right, without anything secret; empty if it is usable
   */
  Optional<String> problem(Path file, @Nullable Secret password);
}
