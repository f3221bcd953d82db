package io.refreshd.config;

import static io.refreshd.config.Level.ALERTS;
import static io.refreshd.config.Level.CHANNEL;
import static io.refreshd.config.Level.TOP;

import io.refreshd.config.ChannelSettings.Format;
import io.refreshd.config.Node.Mapping;
import io.refreshd.config.Node.Scalar;
import io.refreshd.config.Node.Sequence;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The keys of {@code alerts}: a part of the table of {@link Keys}. */
final class AlertKeys {

  static final Key<Mapping> ALERTS_SECTION =
      new Key<>(
          "alerts",
          Set.of(TOP),
          Values.MAPPING,
          null,
          "see its keys",
          "When people are told, and how.",
          "{silence: 14d}");

  static final Key<List<Duration>> LADDER =
      new Key<>(
          "ladder",
          Set.of(ALERTS),
          AlertValues.LADDER,
          null,
          "[30d, 14d, 7d, 3d, 1d]",
          "How long before a deadline people are told of it, once at each step.",
          "[30d, 14d, 7d, 3d, 1d]");

  static final Key<Duration> SILENCE =
      new Key<>(
          "silence",
          Set.of(ALERTS),
          Values.DURATION,
          "14d",
          "14d",
          "How long a grant may be without a successful rotation, whatever the reason, until people are told.",
          "14d");

  static final Key<Sequence> CHANNELS =
      new Key<>(
          "channels",
          Set.of(ALERTS),
          Values.LIST,
          null,
          "none: nobody is told",
          "The ways to tell people; each is a webhook, a mail server or a command.",
          "[{name: ops, webhook: https://example.org/hook}]");

  static final Key<Scalar> WEBHOOK =
      new Key<>(
          "webhook",
          Set.of(CHANNEL),
          AlertValues.WEBHOOK,
          null,
          "none",
          "The URL that is told by a request; a reference to it where the URL itself is a secret.",
          "https://example.org/hook");

  static final Key<Format> FORMAT =
      new Key<>(
          "format",
          Set.of(CHANNEL),
          AlertValues.FORMAT,
          "generic",
          "generic",
          "What the body of the webhook's request looks like.",
          "slack");

  static final Key<Reference> TOKEN =
      new Key<>(
          "token",
          Set.of(CHANNEL),
          Values.SECRET,
          null,
          "none",
          "Where the bearer token for the webhook is.",
          "env:HOOK_TOKEN");

  static final Key<URI> SMTP =
      new Key<>(
          "smtp",
          Set.of(CHANNEL),
          AlertValues.MAIL_SERVER,
          null,
          "none",
          "The mail server: smtp:// with STARTTLS (port 587), or smtps:// (port 465).",
          "smtp://mail.example.org:587");

  static final Key<String> FROM =
      new Key<>(
          "from",
          Set.of(CHANNEL),
          AlertValues.ADDRESS,
          null,
          "required with smtp",
          "The sender of the mail.",
          "refreshd@example.org");

  static final Key<List<String>> TO =
      new Key<>(
          "to",
          Set.of(CHANNEL),
          AlertValues.ADDRESSES,
          null,
          "required with smtp",
          "The receivers of the mail.",
          "[ops@example.org]");

  static final Key<String> USERNAME =
      new Key<>(
          "username",
          Set.of(CHANNEL),
          Values.WORD,
          null,
          "none",
          "Who signs in to the mail server.",
          "refreshd");

  static final Key<Reference> PASSWORD =
      new Key<>(
          "password",
          Set.of(CHANNEL),
          Values.SECRET,
          null,
          "none",
          "Where the password for the mail server is.",
          "credential:mail");

  static final Key<List<String>> COMMAND =
      new Key<>(
          "command",
          Set.of(CHANNEL),
          AlertValues.COMMAND,
          null,
          "none",
          "The program that is run, by its path, and its arguments.",
          "[/usr/local/bin/page, ops]");

  static final Key<Duration> TIMEOUT =
      new Key<>(
          "timeout",
          Set.of(CHANNEL),
          AlertValues.TIMEOUT,
          "10s",
          "10s",
          "How long the command may take until it is ended.",
          "30s");

  private AlertKeys() {}
}
