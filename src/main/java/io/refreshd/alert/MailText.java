package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import jakarta.mail.Address;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;

/**
 * The mail of an alert.
 *
 * @param from the sender
 * @param to the recipients
 */
record MailText(InternetAddress from, List<InternetAddress> to) {

  private static final int LONGEST_SUBJECT = 200;
  private static final String UTF_8 = StandardCharsets.UTF_8.name();

  MailText {
    to = List.copyOf(to);
  }

  /**
   * A message whole with its headers.
   *
   * <p>All mails of a cause answer the same first mail, which was never sent, so that they stand
   * together (RFC 5322 section 3.6.4). An alert that is sent again has the same {@code Message-ID},
   * so that a mailbox may know it for the same. {@code Auto-Submitted} keeps other machines from
   * answering (RFC 3834 section 5).
   */
  MimeMessage message(Session session, Alert alert) {
    String thread = id(alert.cause());
    try {
      MimeMessage message =
          new IdentifiedMessage(session, id(alert.cause() + alert.change() + alert.at()));
      message.setFrom(from);
      message.setRecipients(RecipientType.TO, to.toArray(Address[]::new));
      message.setSubject(subject(alert), UTF_8);
      message.setSentDate(Date.from(alert.at()));
      message.setText(String.join("\r\n", AlertText.mail(alert)) + "\r\n", UTF_8);
      message.setHeader("In-Reply-To", thread);
      message.setHeader("References", thread);
      message.setHeader("Auto-Submitted", "auto-generated");
      message.saveChanges();
      return message;
    } catch (MessagingException e) {
      throw new IllegalStateException("a mail of checked addresses and flat text", e);
    }
  }

  private static String subject(Alert alert) {
    return Text.line("[refreshd] " + AlertText.heading(alert), LONGEST_SUBJECT);
  }

  private String id(String of) {
    String address = from.getAddress();
    return "<refreshd." + hash(of) + address.substring(address.lastIndexOf('@')) + ">";
  }

  /** Has our own id; for the library's own one it would look up the name of this machine. */
  private static final class IdentifiedMessage extends MimeMessage {
    private final String id;

    IdentifiedMessage(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
