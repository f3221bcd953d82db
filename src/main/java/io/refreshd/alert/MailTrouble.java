package io.refreshd.alert;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Says in our words why a mail was not taken; what the server said is quoted.
 *
 * @param quotation knows the secrets
 */
record MailTrouble(Quotation quotation, MailLimits limits) {

  /** Why there is no connection. */
  String unconnected(IOException e) {
    if (e instanceof UnknownHostException) {
      return "the host's name cannot be looked up";
    }
    if (e instanceof SSLException) {
      return tls(e);
    }
    if (e instanceof SocketTimeoutException) {
      return "no connection within " + Text.span(limits.connect());
    }
    if (e instanceof ConnectException) {
      String text = String.valueOf(e.getMessage());
      return text.contains("refused") ? "connection refused" : "the network does not reach it";
    }
    return "the connection broke (" + e.getClass().getSimpleName() + ")";
  }

  /** Why the mail was not taken over a connection, by all causes that the library has chained. */
  String of(MessagingException e) {
    Set<String> reasons = new LinkedHashSet<>();
    for (Exception each = e; each != null; each = next(each)) {
      String reason = reason(each);
      if (reason != null) {
        reasons.add(reason);
      }
    }
    return reasons.isEmpty() ? plain(e) : String.join("; ", reasons);
  }

  /** Whether the server itself said that it does not take the mail. */
  static boolean isReply(SendFailedException e) {
    return !(e instanceof SMTPSendFailedException failed) || failed.getReturnCode() > 0;
  }

  private String plain(MessagingException e) {
    return String.valueOf(e.getMessage()).startsWith("STARTTLS is required")
        ? "it offers no STARTTLS, and mail does not leave this machine without encryption"
        : "refused" + quoted(e);
  }

  private static @Nullable Exception next(Exception e) {
    return e instanceof MessagingException messaging ? messaging.getNextException() : null;
  }

  private @Nullable String reason(Exception e) {
    if (e instanceof AuthenticationFailedException) {
      return "the login was refused" + quoted(e) + ": check username and password";
    }
    if (e instanceof SMTPAddressFailedException refused) {
      return "refused for " + Text.flat(String.valueOf(refused.getAddress())) + quoted(e);
    }
    if (e instanceof SSLException) {
      return tls(e);
    }
    if (e instanceof SocketTimeoutException) {
      return "no reply within " + Text.span(limits.reply());
    }
    return e instanceof IOException
        ? "the connection broke (" + e.getClass().getSimpleName() + ")"
        : null;
  }

  private static String tls(Exception e) {
    return "the TLS handshake failed: " + Text.line(String.valueOf(e.getMessage()), 160);
  }

  private String quoted(Exception e) {
    return quotation.firstLine(String.valueOf(e.getMessage()));
  }
}
