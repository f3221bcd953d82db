package io.refreshd.config;

import io.refreshd.config.ChannelSettings.Format;
import io.refreshd.config.Node.Scalar;
import io.refreshd.config.Node.Sequence;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The types of values in {@code alerts}. */
final class AlertValues {

  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";

  /** RFC 5321 section 4.1.2, without quoted local parts and address literals. */
  private static final Pattern ADDRESS_FORM =
      Pattern.compile(
          "^(?=[^@]{1,64}@)"
              + ATOM
              + "(\\."
              + ATOM
              + ")*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$");

  private static final int LONGEST_ADDRESS = 254;

  private static final String LADDER_WORDS =
      "a list of falling durations up to 365d, for example [30d, 14d, 7d, 3d, 1d]";
  private static final String ADDRESS_WORDS = "an address, for example ops@example.org";
  private static final String ADDRESSES_WORDS =
      "a list of addresses, for example [ops@example.org]";
  private static final String COMMAND_WORDS =
      "a list of a program's path and its arguments, for example [/usr/local/bin/page, ops]";
  private static final String WEBHOOK_WORDS =
      "an https:// URL (http:// for a loopback host only), or a reference to one: env:NAME,"
          + " file:PATH or credential:NAME";

  static final ValueType<List<Duration>> LADDER =
      new ValueType<>(LADDER_WORDS, "array", Values.DURATION.pattern(), AlertValues::ladder);

  /** The URL or a reference to one, as written; {@link Channels} reads it. */
  static final ValueType<Scalar> WEBHOOK =
      new ValueType<>(
          WEBHOOK_WORDS,
          "string",
          "^(https?://[^@/?#\\s]+([/?][^#\\s]*)?|(env|file|credential):.+)$",
          node -> webhook(node));

  static final ValueType<Format> FORMAT =
      Values.oneOf(
          Map.of(
              "generic", Format.GENERIC,
              "slack", Format.SLACK,
              "teams", Format.TEAMS,
              "alertmanager", Format.ALERTMANAGER));

  static final ValueType<URI> MAIL_SERVER =
      new ValueType<>(
          "smtp://HOST:587 or smtps://HOST:465",
          "string",
          "^smtps?://[^@/?#\\s]+/?$",
          node -> Urls.readMailServer(Values.scalar(node, "smtp://HOST:587 or smtps://HOST:465")));

  static final ValueType<String> ADDRESS =
      new ValueType<>(ADDRESS_WORDS, "string", ADDRESS_FORM.pattern(), AlertValues::address);

  static final ValueType<List<String>> ADDRESSES =
      new ValueType<>(ADDRESSES_WORDS, "array", ADDRESS_FORM.pattern(), AlertValues::addresses);

  static final ValueType<List<String>> COMMAND =
      new ValueType<>(COMMAND_WORDS, "array", null, AlertValues::command);

  static final ValueType<Duration> TIMEOUT = Values.upTo(Duration.ofSeconds(60));

  private AlertValues() {}

  private static List<Duration> ladder(Node node) throws Mistake {
    Mistakes mistakes = new Mistakes();
    List<Duration> ladder = new ArrayList<>();
    for (Node item : items(node, LADDER_WORDS)) {
      mistakes.read(item, given -> step(given, ladder)).ifPresent(ladder::add);
    }
    mistakes.throwIfAny();
    return ladder;
  }

  private static Duration step(Node item, List<Duration> before) throws Mistake {
    Duration step = Values.UP_TO_A_YEAR.read(item);
    Duration last = before.isEmpty() ? null : before.get(before.size() - 1);
    if (last != null && last.compareTo(step) <= 0) {
      throw new Mistake(
          item.place(),
          Durations.format(step)
              + " is not less than "
              + Durations.format(last)
              + " before it; would be "
              + LADDER_WORDS);
    }
    return step;
  }

  private static Scalar webhook(Node node) throws Mistake {
    Scalar scalar = Values.scalar(node, WEBHOOK_WORDS);
    if (Reference.isReference(scalar.text())) {
      Reference.read(scalar);
    } else {
      Urls.readWebhook(scalar.place(), scalar.text());
    }
    return scalar;
  }

  private static String address(Node node) throws Mistake {
    String text = Values.scalar(node, ADDRESS_WORDS).text();
    if (text.length() > LONGEST_ADDRESS || !ADDRESS_FORM.matcher(text).matches()) {
      throw new Mistake(
          node.place(), Mistake.quoted(text) + " is not an address; would be " + ADDRESS_WORDS);
    }
    return text;
  }

  private static List<String> addresses(Node node) throws Mistake {
    return Mistakes.readEach(items(node, ADDRESSES_WORDS), AlertValues::address);
  }

  /** The program is looked for where its path says, never in {@code $PATH}. */
  private static List<String> command(Node node) throws Mistake {
    List<Node> items = items(node, COMMAND_WORDS);
    Mistakes mistakes = new Mistakes();
    List<String> argv = new ArrayList<>();
    mistakes.read(items.get(0), item -> FilePaths.plain(item).toString()).ifPresent(argv::add);
    for (Node item : items.subList(1, items.size())) {
      mistakes.read(item, given -> Values.scalar(given, "an argument").text()).ifPresent(argv::add);
    }
    mistakes.throwIfAny();
    return argv;
  }

  private static List<Node> items(Node node, String would) throws Mistake {
    Sequence list = Values.list(node, would);
    if (list.items().isEmpty()) {
      throw new Mistake(node.place(), "is empty; would be " + would);
    }
    return list.items();
  }
}
