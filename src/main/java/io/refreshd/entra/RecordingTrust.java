package io.refreshd.entra;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts as the JVM does, and remembers what the server showed, trusted or not. */
final class RecordingTrust extends X509ExtendedTrustManager {

  private final X509ExtendedTrustManager trust;
  private volatile List<X509Certificate> shown = List.of();

  private RecordingTrust(X509ExtendedTrustManager trust) {
    this.trust = trust;
  }

  /**
   * @param store {@code null} for the trust of the JVM
   */
  static RecordingTrust of(@Nullable KeyStore store) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509ExtendedTrustManager.class::isInstance)
          .map(X509ExtendedTrustManager.class::cast)
          .map(RecordingTrust::new)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JVM's list of trusted issuers cannot be read", e);
    }
  }

  SSLSocketFactory sockets() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {this}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  /** The certificates of the last handshake, the server's own first; empty if it showed none. */
  List<X509Certificate> shown() {
    return shown;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keys, Socket socket)
      throws CertificateException {
    shown = List.of(chain);
    trust.checkServerTrusted(chain, keys, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keys, SSLEngine engine)
      throws CertificateException {
    shown = List.of(chain);
    trust.checkServerTrusted(chain, keys, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keys) throws CertificateException {
    shown = List.of(chain);
    trust.checkServerTrusted(chain, keys);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keys, Socket socket)
      throws CertificateException {
    trust.checkClientTrusted(chain, keys, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keys, SSLEngine engine)
      throws CertificateException {
    trust.checkClientTrusted(chain, keys, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keys) throws CertificateException {
    trust.checkClientTrusted(chain, keys);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.getAcceptedIssuers();
  }
}
