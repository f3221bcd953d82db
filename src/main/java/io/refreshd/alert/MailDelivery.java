package io.refreshd.alert;

import io.refreshd.rotation.Alerter.UndeliveredException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.URLName;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.Socket;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One try to hand in one mail. */
final class MailDelivery implements Delivery {

  private static final Logger LOG = LoggerFactory.getLogger(MailDelivery.class);

  private final SmtpSession session;
  private final MimeMessage message;
  private final boolean all;
  private final MailTrouble trouble;
  private @Nullable Socket socket;
  private boolean aborted;
  private volatile boolean mayHaveArrived;

  /**
   * @param all whether it counts only if all recipients are reached
   */
  MailDelivery(SmtpSession session, MimeMessage message, boolean all) {
    this.session = session;
    this.message = message;
    this.all = all;
    this.trouble = new MailTrouble(session.quotation(), session.limits());
  }

  @Override
  public String target() {
    return session.server().toString();
  }

  @Override
  public void run() throws UndeliveredException {
    try {
      send(session.connect(this::opened));
    } catch (SendFailedException e) {
      mayHaveArrived &= !MailTrouble.isReply(e);
      told(e);
    } catch (MessagingException e) {
      throw new UndeliveredException(target() + ": " + trouble.of(e), mayHaveArrived);
    } catch (IOException e) {
      throw new UndeliveredException(target() + ": " + trouble.unconnected(e));
    }
  }

  /** The connection is closed by {@link #abort}, which comes after every end. */
  private void send(Socket connection) throws MessagingException {
    SMTPTransport transport = new Handover();
    transport.connect(connection);
    transport.sendMessage(message, message.getAllRecipients());
    bidFarewell(transport);
  }

  /** Notes when the server has all of the mail, and only its word is missing. */
  private final class Handover extends SMTPTransport {
    Handover() {
      super(MailDelivery.this.session.mail(), new URLName("smtp", null, -1, null, null, null));
    }

    @Override
    protected void finishData() throws IOException, MessagingException {
      mayHaveArrived = true;
      super.finishData();
    }
  }

  @Override
  public boolean mayHaveArrived() {
    return mayHaveArrived;
  }

  /** The mail is delivered, whatever becomes of this. */
  private static void bidFarewell(SMTPTransport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      LOG.debug("a mail server was left without a QUIT", e);
    }
  }

  private void told(SendFailedException e) throws UndeliveredException {
    boolean some = e.getValidSentAddresses() != null && e.getValidSentAddresses().length > 0;
    String why = target() + (some ? " took the mail, but not for all: " : ": ") + trouble.of(e);
    if (all || !some) {
      throw new UndeliveredException(why, mayHaveArrived);
    }
    LOG.warn("{}", why);
  }

  private synchronized void opened(Socket opened) {
    socket = opened;
    if (aborted) {
      close(opened);
    }
  }

  @Override
  public synchronized void abort() {
    aborted = true;
    if (socket != null) {
      close(socket);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("a mail server's connection was not closed in order", e);
    }
  }
}
