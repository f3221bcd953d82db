package io.refreshd.config;

import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Secret;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whoever can tell what is in the file of a client's certificate, and whether it is usable. */
@FunctionalInterface
public interface CertificateCheck {

  /**
   * Looks into a certificate's file.
   *
   * @param file PEM, or PFX/PKCS#12 by its ending
   * @param password of a PFX file; {@code null} if it has none
   * @param problem told what is wrong, and what would be right, without anything secret; not told
   *     anything if the certificate is usable
   * @param warning told what is wrong with it today alone
   * @return the certificate with its facts, as far as they could be read
   */
  Certificate inspect(
      Path file, @Nullable Secret password, Consumer<String> problem, Consumer<String> warning);
}
