package io.refreshd.daemon;

import io.refreshd.alert.Channel;
import io.refreshd.alert.ChannelAlerter;
import io.refreshd.alert.CommandChannel;
import io.refreshd.alert.Format;
import io.refreshd.alert.MailChannel;
import io.refreshd.alert.MailLogin;
import io.refreshd.alert.SmtpServer;
import io.refreshd.alert.WebhookChannel;
import io.refreshd.config.AlertSettings;
import io.refreshd.config.ChannelSettings;
import io.refreshd.config.ChannelSettings.Command;
import io.refreshd.config.ChannelSettings.Mail;
import io.refreshd.config.ChannelSettings.Webhook;
import org.jspecify.annotations.Nullable;

/** Makes the configured channels. */
final class AlertChannels {

  private AlertChannels() {}

  static ChannelAlerter of(AlertSettings settings) {
    return new ChannelAlerter(settings.channels().stream().map(AlertChannels::channel).toList());
  }

  private static Channel channel(ChannelSettings settings) {
    if (settings instanceof Webhook webhook) {
      Format format = Format.valueOf(webhook.format().name());
      return new WebhookChannel(webhook.name(), webhook.uri(), format, webhook.token());
    }
    if (settings instanceof Mail mail) {
      SmtpServer server = SmtpServer.of(mail.smtp());
      return new MailChannel(mail.name(), server, mail.from(), mail.to(), login(mail));
    }
    Command command = (Command) settings;
    return new CommandChannel(command.name(), command.argv(), command.timeout());
  }

  private static @Nullable MailLogin login(Mail mail) {
    return mail.username() == null || mail.password() == null
        ? null
        : new MailLogin(mail.username(), mail.password());
  }
}
