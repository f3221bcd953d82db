package io.refreshd.alert;

import io.refreshd.alert.SmtpServer.Encryption;
import jakarta.mail.Authenticator;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** How we connect to a mail server, and what the mail library is to know of it. */
final class SmtpSession {

  private final SmtpServer server;
  private final @Nullable MailLogin login;
  private final MailLimits limits;
  private final SSLSocketFactory tls;
  private final Session mail;

  /**
   * @param tls with the trust that counts unless the server is a local one
   */
  SmtpSession(
      SmtpServer server, @Nullable MailLogin login, MailLimits limits, SSLSocketFactory tls) {
    this.server = server;
    this.login = login;
    this.limits = limits;
    this.tls = tls;
    this.mail = Session.getInstance(properties(), authenticator());
  }

  SmtpServer server() {
    return server;
  }

  MailLimits limits() {
    return limits;
  }

  /** The mail library's session. */
  Session mail() {
    return mail;
  }

  /** Keeps the password out of what the server says; some send back what they were sent. */
  Quotation quotation() {
    if (login == null) {
      return new Quotation(List.of());
    }
    String password = login.password().reveal();
    String plain = "\0" + login.username() + "\0" + password;
    return new Quotation(List.of(password, base64(password), base64(plain)));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A connection to the first of the server's addresses that answers, encrypted if it is to be from
   * the first byte on.
   *
   * @param opened gets each socket before it is connected, so that it can be closed at any time
   */
  Socket connect(Consumer<Socket> opened) throws IOException {
    IOException last = new UnknownHostException(server.host());
    for (InetAddress address : InetAddress.getAllByName(server.host())) {
      Socket socket = new Socket();
      opened.accept(socket);
      try {
        socket.connect(named(address), (int) limits.connect().toMillis());
        socket.setSoTimeout((int) limits.reply().toMillis());
        return server.encryption() == Encryption.IMPLICIT ? encrypted(socket) : socket;
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    throw last;
  }

  /**
   * Has the server's name as the configuration has it: the mail library checks the certificate for
   * the name that it finds in the address, and would look up one for a bare address.
   */
  private InetSocketAddress named(InetAddress address) throws UnknownHostException {
    return new InetSocketAddress(
        InetAddress.getByAddress(server.host(), address.getAddress()), server.port());
  }

  private Socket encrypted(Socket socket) throws IOException {
    SSLSocket secure =
        (SSLSocket) tls.createSocket(socket, server.host(), server.port(), /* autoClose= */ true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.put("mail.smtp.auth", String.valueOf(login != null));
    properties.put("mail.smtp.quitwait", "false");
    // one wrong address must not keep the mail from the others
    properties.put("mail.smtp.sendpartial", "true");
    switch (server.encryption()) {
      case IMPLICIT -> {}
      case STARTTLS -> {
        properties.put("mail.smtp.starttls.required", "true");
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.socketFactory", tls);
      }
      case IF_OFFERED -> {
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.ssl.checkserveridentity", "false");
        properties.put("mail.smtp.ssl.trust", "*");
      }
    }
    return properties;
  }

  private @Nullable Authenticator authenticator() {
    MailLogin known = login;
    return known == null
        ? null
        : new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication(known.username(), known.password().reveal());
          }
        };
  }
}
