package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alerter.UndeliveredException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends each alert as one mail to all recipients.
 *
 * <p>It counts as delivered when the server took it for at least one of them: a second try would
 * reach these again. Of the others the log tells; and a test counts only if it reached all.
 */
public final class MailChannel implements Channel {

  private final String name;
  private final MailText text;
  private final SmtpSession session;
  private final TimeLimit time;

  /**
   * @param from the sender, {@code a@b} or {@code name <a@b>}
   * @param to the recipients, in the same form
   * @param login {@code null} if the server wants none
   * @throws IllegalArgumentException if an address is none, or there is no recipient
   */
  public MailChannel(
      String name, SmtpServer server, String from, List<String> to, @Nullable MailLogin login) {
    this(
        name,
        server,
        from,
        to,
        login,
        MailLimits.DEFAULTS,
        (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  MailChannel(
      String name,
      SmtpServer server,
      String from,
      List<String> to,
      @Nullable MailLogin login,
      MailLimits limits,
      SSLSocketFactory tls) {
    if (to.isEmpty()) {
      throw new IllegalArgumentException(name + ": there is no recipient");
    }
    this.name = name;
    this.text = new MailText(address(from), to.stream().map(MailChannel::address).toList());
    this.session = new SmtpSession(server, login, limits, tls);
    this.time = new TimeLimit(limits.whole());
  }

  private static InternetAddress address(String text) {
    try {
      return new InternetAddress(text, true);
    } catch (AddressException e) {
      throw new IllegalArgumentException("\"" + Text.flat(text) + "\" is not a mail address", e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void deliver(Alert alert) throws UndeliveredException {
    boolean all = alert.change() == Alert.Change.TEST;
    time.run(new MailDelivery(session, text.message(session.mail(), alert), all));
  }

  @Override
  public void close() {
    time.close();
  }
}
