package io.refreshd.config;

import io.refreshd.config.Node.Mapping;
import io.refreshd.config.Node.Scalar;
import io.refreshd.config.Node.Sequence;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshTokens;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The types of values. */
final class Values {

  /** The most redemptions in flight that make sense: beyond it a daemon only queues. */
  static final int MOST_CONCURRENT = 256;

  private static final String LIST_WORDS = "a list, each entry after \"- \"";
  private static final String GLOBS_WORDS = "a list of files, for example [tenants.d/*.yaml]";
  private static final String SCOPES_WORDS =
      "a list of scopes, for example [https://graph.microsoft.com/Mail.Read]";

  static final ValueType<Mapping> MAPPING =
      new ValueType<>("a mapping of keys", "object", null, Values::mapping);

  static final ValueType<Sequence> LIST =
      new ValueType<>(LIST_WORDS, "array", null, node -> list(node, LIST_WORDS));

  static final ValueType<List<Scalar>> GLOBS =
      new ValueType<>(GLOBS_WORDS, "array", "^\\S", Values::globs);

  static final ValueType<List<String>> SCOPES =
      new ValueType<>(SCOPES_WORDS, "array", "^[!#-\\[\\]-~]+$", Values::scopes);

  static final ValueType<String> NAME =
      new ValueType<>(
          "a name of letters, digits and . _ - (a letter or digit first, 100 at most)",
          "string",
          "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
          Values::name);

  static final ValueType<Duration> DURATION =
      new ValueType<>(
          "a duration of 1s or more, for example 90d, 36h, 15m, 30s, 1d12h or P90D",
          "string",
          "^(?=.*\\d)(" + Durations.COMPACT + "|[Pp][0-9DTHMSdthms]+)$",
          Values::duration);

  /** What Microsoft allows for remembering the second factor, but for the lower bound of a day. */
  static final ValueType<Duration> UP_TO_A_YEAR = upTo(Duration.ofDays(365));

  static final ValueType<Integer> COUNT =
      new ValueType<>(
          "a whole number from 1 to " + MOST_CONCURRENT, "integer", null, Values::count);

  static final ValueType<URI> URL =
      new ValueType<>(
          "an https:// URL (http:// for a loopback host only)",
          "string",
          "^https?://[^@/?#\\s]+(/[^?#\\s]*)?$",
          node -> Urls.read(scalar(node, "an https:// URL")));

  static final ValueType<URI> AUTHORITY =
      new ValueType<>(
          URL.words(),
          URL.json(),
          URL.pattern(),
          node -> Urls.readAuthority(scalar(node, "an https:// URL")));

  static final ValueType<String> TENANT_ID =
      new ValueType<>(
          "the directory's id or a domain name of it",
          "string",
          "^([0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+)$",
          node -> TenantIds.read(scalar(node, "the directory's id or a domain name of it")));

  /** RFC 6749 appendix A.1 allows a blank in a client's id too; nobody means one. */
  static final ValueType<String> WORD =
      new ValueType<>("a text without blanks", "string", "^[!-~]+$", Values::word);

  static final ValueType<String> CRON =
      new ValueType<>(
          "a Quartz cron expression in quotes, for example \"0 0 3 ? * SUN\"",
          "string",
          "^\\S",
          node -> scalar(node, "a Quartz cron expression in quotes").text());

  static final ValueType<Reference> SECRET =
      new ValueType<>(
          "a reference: env:NAME, file:PATH or credential:NAME",
          "string",
          "^(env|file|credential):.+$",
          Reference::read);

  static final ValueType<Path> FILE_REFERENCE =
      new ValueType<>("file:PATH", "string", "^file:.+$", FilePaths::reference);

  static final ValueType<Path> PATH =
      new ValueType<>("a path", "string", "^(?!file:|~).+$", FilePaths::plain);

  /** A path, and how to name it to people. */
  static final ValueType<SourceFile> FILE =
      new ValueType<>("a path", "string", "^(?!file:|~).+$", FilePaths::file);

  static final ValueType<StoreUrl> STORE_URL =
      new ValueType<>(
          StoreUrl.WOULD,
          "string",
          "^jdbc:(sqlite:[^?:]+|postgresql://[^/?#@\\s]+/[^/?#\\s]+(\\?[^#\\s]*)?)$",
          StoreUrl::read);

  static final ValueType<String> ENDPOINT = oneOf(Map.of("v1", "v1", "v2", "v2"));

  static final ValueType<RefreshTokens> REFRESH_TOKENS =
      oneOf(Map.of("reusable", RefreshTokens.REUSABLE, "single-use", RefreshTokens.SINGLE_USE));

  private Values() {}

  /** A duration from a second on. */
  static ValueType<Duration> upTo(Duration longest) {
    String would = "a duration from 1s to " + Durations.format(longest);
    return new ValueType<>(
        would, "string", DURATION.pattern(), node -> duration(node, longest, would));
  }

  private static Duration duration(Node node, Duration longest, String would) throws Mistake {
    Duration duration = DURATION.read(node);
    if (duration.compareTo(longest) > 0) {
      throw new Mistake(
          node.place(), Durations.format(duration) + " is too long; would be " + would);
    }
    return duration;
  }

  /** One of the words. */
  static <T> ValueType<T> oneOf(Map<String, T> choices) {
    List<String> words = choices.keySet().stream().sorted().toList();
    String would = String.join(" or ", words);
    return new ValueType<>(would, "string", null, words, node -> choice(node, choices, would));
  }

  private static <T> T choice(Node node, Map<String, T> choices, String would) throws Mistake {
    Scalar scalar = scalar(node, would);
    T value = choices.get(scalar.text());
    if (value == null) {
      throw new Mistake(
          node.place(), Mistake.quoted(scalar.text()) + " is not known; would be " + would);
    }
    return value;
  }

  /** One value, not a list or a mapping of them. */
  static Scalar scalar(Node node, String would) throws Mistake {
    if (node instanceof Scalar scalar) {
      return scalar;
    }
    throw new Mistake(node.place(), "is " + kind(node) + "; would be " + would);
  }

  private static Mapping mapping(Node node) throws Mistake {
    if (node instanceof Mapping mapping) {
      return mapping;
    }
    throw new Mistake(node.place(), "is " + kind(node) + "; would be a mapping of keys");
  }

  /** A list, not one value or a mapping. */
  static Sequence list(Node node, String would) throws Mistake {
    if (node instanceof Sequence sequence) {
      return sequence;
    }
    throw new Mistake(node.place(), "is " + kind(node) + "; would be " + would);
  }

  private static String kind(Node node) {
    if (node instanceof Mapping) {
      return "a mapping";
    }
    return node instanceof Sequence ? "a list" : node instanceof Scalar ? "one value" : "empty";
  }

  private static List<Scalar> globs(Node node) throws Mistake {
    return Mistakes.readEach(list(node, GLOBS_WORDS).items(), Values::glob);
  }

  private static Scalar glob(Node item) throws Mistake {
    var unused = FilePaths.plain(item);
    return scalar(item, "a file");
  }

  private static List<String> scopes(Node node) throws Mistake {
    return Mistakes.readEach(
        list(node, SCOPES_WORDS).items(), item -> scope(scalar(item, "one scope")));
  }

  /** RFC 6749 section 3.3: {@code scope-token}. */
  private static String scope(Scalar item) throws Mistake {
    String text = item.text();
    if (text.isBlank() || text.indexOf(' ') >= 0) {
      throw new Mistake(
          item.place(), Mistake.quoted(text) + " is not one scope; would be [one, another]");
    }
    if (!text.chars().allMatch(c -> c > ' ' && c <= '~' && c != '"' && c != '\\')) {
      throw new Mistake(
          item.place(),
          Mistake.quoted(text) + " is not a scope; would be printable ASCII without \" and \\");
    }
    return text;
  }

  private static String name(Node node) throws Mistake {
    String would = "letters, digits and . _ - (a letter or digit first, 100 at most)";
    Scalar scalar = scalar(node, would);
    if (!GrantName.isPart(scalar.text())) {
      throw new Mistake(
          node.place(), Mistake.quoted(scalar.text()) + " is not a name; would be " + would);
    }
    return scalar.text();
  }

  private static Duration duration(Node node) throws Mistake {
    Scalar scalar = scalar(node, "a duration, for example 90d");
    Duration duration;
    try {
      duration = Durations.parse(scalar.text());
    } catch (IllegalArgumentException e) {
      throw new Mistake(node.place(), String.valueOf(e.getMessage()));
    }
    if (duration.isZero()) {
      throw new Mistake(
          node.place(), Mistake.quoted(scalar.text()) + " is too short; would be 1s or more");
    }
    return duration;
  }

  private static int count(Node node) throws Mistake {
    String would = "a whole number from 1 to " + MOST_CONCURRENT;
    String text = scalar(node, would).text();
    if (!text.matches("[1-9][0-9]{0,2}") || Integer.parseInt(text) > MOST_CONCURRENT) {
      throw new Mistake(node.place(), Mistake.quoted(text) + " is out of range; would be " + would);
    }
    return Integer.parseInt(text);
  }

  private static String word(Node node) throws Mistake {
    String text = scalar(node, "a text without blanks").text();
    if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw new Mistake(
          node.place(), "is empty, or holds a blank or a letter beyond ASCII; would have none");
    }
    return text;
  }
}
