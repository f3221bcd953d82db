package io.refreshd.config;

import io.refreshd.config.ChannelSettings.Command;
import io.refreshd.config.ChannelSettings.Format;
import io.refreshd.config.ChannelSettings.Mail;
import io.refreshd.config.ChannelSettings.Webhook;
import io.refreshd.config.Node.Scalar;
import io.refreshd.grant.Secret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one channel: a webhook, a mail server or a command, with what belongs to it. */
final class Channels {

  /** What makes a channel, and what goes with it only. */
  private static final Map<Key<?>, List<Key<?>>> KINDS = kinds();

  private final References references;
  private final SecretReferences secrets;

  Channels(References references, SecretReferences secrets) {
    this.references = references;
    this.secrets = secrets;
  }

  /** The channel; empty if what is wrong was reported, or if its secrets are to be left alone. */
  Optional<ChannelSettings> read(Fields fields) {
    fields.check();
    List<Key<?>> kinds = KINDS.keySet().stream().filter(fields::has).toList();
    checkKinds(fields, kinds);
    rejectStrangers(fields, kinds);
    String name = fields.value(Keys.NAME);
    ChannelSettings read = null;
    if (kinds.contains(AlertKeys.WEBHOOK)) {
      read = webhook(fields, name);
    } else if (kinds.contains(AlertKeys.SMTP)) {
      read = mail(fields, name);
    } else if (kinds.contains(AlertKeys.COMMAND)) {
      read = command(fields, name);
    }
    return Optional.ofNullable(read);
  }

  private static void checkKinds(Fields fields, List<Key<?>> kinds) {
    if (kinds.isEmpty()) {
      fields
          .problems()
          .add(
              fields.mapping().place(),
              fields.path(),
              "has no way to tell anybody; would have one of webhook, smtp and command");
    }
    kinds.stream()
        .skip(1)
        .forEach(
            other ->
                fields.reject(
                    other, "stands beside " + kinds.get(0).name() + "; would be one of the two"));
  }

  private static void rejectStrangers(Fields fields, List<Key<?>> kinds) {
    KINDS.forEach(
        (kind, companions) ->
            companions.stream()
                .filter(key -> fields.has(key) && !kinds.contains(kind))
                .forEach(
                    key ->
                        fields.reject(
                            key, "goes with " + kind.name() + " only; would stand beside it")));
  }

  private @Nullable ChannelSettings webhook(Fields fields, @Nullable String name) {
    Scalar address = fields.value(AlertKeys.WEBHOOK);
    Format given = fields.value(AlertKeys.FORMAT);
    Format format = given == null ? AlertKeys.FORMAT.standardValue() : given;
    Optional<Secret> token = secret(fields, AlertKeys.TOKEN);
    if (address == null || references == References.LEAVE) {
      return null;
    }
    URI uri = url(fields, address);
    return name == null || uri == null || format == null
        ? null
        : new Webhook(name, uri, format, token.orElse(null));
  }

  /** The address of a webhook is often all that it takes to write there: a secret itself. */
  private @Nullable URI url(Fields fields, Scalar address) {
    try {
      if (!Reference.isReference(address.text())) {
        return Urls.readWebhook(address.place(), address.text());
      }
      Reference reference = Reference.read(address);
      return url(reference, secrets.text(reference));
    } catch (Mistake e) {
      fields.problems().add(fields.path(AlertKeys.WEBHOOK.name()), e);
      return null;
    }
  }

  private static URI url(Reference reference, String text) throws Mistake {
    try {
      return Urls.readWebhook(reference.place(), text);
    } catch (Mistake e) {
      throw new Mistake(reference.place(), reference + ": " + e.words());
    }
  }

  private @Nullable ChannelSettings mail(Fields fields, @Nullable String name) {
    URI server = fields.value(AlertKeys.SMTP);
    String from = required(fields, AlertKeys.FROM);
    List<String> to = required(fields, AlertKeys.TO);
    String username = fields.value(AlertKeys.USERNAME);
    Optional<Secret> password = secret(fields, AlertKeys.PASSWORD);
    requireBoth(fields, AlertKeys.USERNAME, AlertKeys.PASSWORD);
    requireBoth(fields, AlertKeys.PASSWORD, AlertKeys.USERNAME);
    return name == null || server == null || from == null || to == null
        ? null
        : new Mail(name, server, from, to, username, password.orElse(null));
  }

  private static void requireBoth(Fields fields, Key<?> given, Key<?> other) {
    if (fields.has(given) && !fields.has(other)) {
      fields.reject(given, "stands without " + other.name() + "; would be both or neither");
    }
  }

  private @Nullable ChannelSettings command(Fields fields, @Nullable String name) {
    List<String> argv = fields.value(AlertKeys.COMMAND);
    Duration given = fields.value(AlertKeys.TIMEOUT);
    Duration timeout = given == null ? AlertKeys.TIMEOUT.standardValue() : given;
    if (argv == null || timeout == null || references == References.LEAVE) {
      return null;
    }
    Path program = Path.of(argv.get(0));
    if (!Files.isRegularFile(program)) {
      fields.wrong(AlertKeys.COMMAND, program + " is no file; would be the path of a program");
    } else if (!Files.isExecutable(program)) {
      fields.wrong(
          AlertKeys.COMMAND,
          program + " may not be executed; would be executable for the user of this process");
    }
    return name == null ? null : new Command(name, argv, timeout);
  }

  private static <T> @Nullable T required(Fields fields, Key<T> key) {
    if (!fields.has(key)) {
      fields.missing(key);
    }
    return fields.value(key);
  }

  private Optional<Secret> secret(Fields fields, Key<Reference> key) {
    Reference reference = fields.value(key);
    return reference == null || references == References.LEAVE
        ? Optional.empty()
        : secrets.find(reference, fields, key);
  }

  private static Map<Key<?>, List<Key<?>>> kinds() {
    Map<Key<?>, List<Key<?>>> kinds = new LinkedHashMap<>();
    kinds.put(AlertKeys.WEBHOOK, List.of(AlertKeys.FORMAT, AlertKeys.TOKEN));
    kinds.put(
        AlertKeys.SMTP,
        List.of(AlertKeys.FROM, AlertKeys.TO, AlertKeys.USERNAME, AlertKeys.PASSWORD));
    kinds.put(AlertKeys.COMMAND, List.of(AlertKeys.TIMEOUT));
    return kinds;
  }
}
