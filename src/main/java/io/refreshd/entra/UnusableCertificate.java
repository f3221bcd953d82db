package io.refreshd.entra;

/** A client's certificate that cannot be used; the message says why and what to do. */
final class UnusableCertificate extends Exception {

  private static final long serialVersionUID = 1L;

  UnusableCertificate(String message) {
    super(message);
  }
}
