package io.refreshd.config;

import io.refreshd.config.Node.Duplicate;
import io.refreshd.config.Node.Entry;
import io.refreshd.config.Node.Mapping;
import io.refreshd.config.Node.Scalar;
import io.refreshd.config.Node.Sequence;
import io.refreshd.config.TokenLifetimePolicy.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads token lifetime policies out of a JSON document: the bare policy, the object of Microsoft
 * Graph or PowerShell around it (the policy is a text in its {@code definition}), or a list of such
 * objects, also as the {@code value} of an answer of Graph.
 */
final class PolicyReader {

  private static final String POLICY = "TokenLifetimePolicy";
  private static final String VERSION = "Version";
  private static final String WOULD =
      "{\"TokenLifetimePolicy\":{\"Version\":1,\"AccessTokenLifetime\":\"01:00:00\"}}";

  private final SourceFile file;
  private final Problems problems;
  private final List<TokenLifetimePolicy> policies = new ArrayList<>();

  private PolicyReader(SourceFile file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The policies in the text of a file; reports what is wrong with it. */
  static List<TokenLifetimePolicy> read(SourceFile file, String text, Problems problems) {
    PolicyReader reader = new PolicyReader(file, problems);
    try {
      reader.read(YamlTree.parseJson(file, text));
    } catch (Mistake e) {
      problems.add("", e);
    }
    return List.copyOf(reader.policies);
  }

  private void read(Node node) throws Mistake {
    if (node instanceof Sequence list && !list.items().isEmpty()) {
      for (Node item : list.items()) {
        read(item);
      }
      return;
    }
    Optional<Node> value = find(node, "value");
    Optional<Node> definition = find(node, "definition");
    if (value.isPresent()) {
      read(value.get());
    } else if (definition.isPresent()) {
      readDefinition(definition.get(), name(node));
    } else {
      readPolicy(node, null);
    }
  }

  private void readDefinition(Node definition, @Nullable String name) throws Mistake {
    boolean isList = definition instanceof Sequence list && !list.items().isEmpty();
    for (Node item : isList ? ((Sequence) definition).items() : List.of(definition)) {
      readPolicy(item instanceof Scalar text ? YamlTree.parseJson(text) : item, name);
    }
  }

  private void readPolicy(Node node, @Nullable String name) throws Mistake {
    Optional<Node> policy = find(node, POLICY);
    if (policy.isEmpty() || !(policy.get() instanceof Mapping mapping)) {
      throw new Mistake(node.place(), "holds no token lifetime policy; would be " + WOULD);
    }
    for (Duplicate duplicate : mapping.duplicates()) {
      problems.add(path(Fields.shown(duplicate.key())), duplicate);
    }
    List<Setting> settings = new ArrayList<>();
    mapping.entries().forEach((key, entry) -> setting(key, entry).ifPresent(settings::add));
    policies.add(new TokenLifetimePolicy(file.shown(), name, settings));
  }

  private Optional<Setting> setting(String key, Entry entry) {
    try {
      if (key.equals(VERSION)) {
        checkVersion(entry.value());
        return Optional.empty();
      }
      Optional<PolicyProperty> property = PolicyProperty.find(key);
      if (property.isEmpty()) {
        throw new Mistake(entry.keyPlace(), unknown(key));
      }
      return Optional.of(setting(property.get(), entry));
    } catch (Mistake e) {
      problems.add(path(Fields.shown(key)), e);
      return Optional.empty();
    }
  }

  private static Setting setting(PolicyProperty property, Entry entry) throws Mistake {
    String would = "D.HH:MM:SS or HH:MM:SS" + (property.isUnlimited() ? ", or until-revoked" : "");
    Scalar scalar = Values.scalar(entry.value(), would);
    boolean unlimited = scalar.text().equalsIgnoreCase("until-revoked");
    Optional<Duration> duration = TimeSpans.find(scalar.text());
    if (!unlimited && duration.isEmpty()) {
      throw new Mistake(
          scalar.place(), Mistake.quoted(scalar.text()) + " is not a time; would be " + would);
    }
    Setting setting =
        new Setting(property, entry.keyPlace().toString(), scalar.text(), duration.orElse(null));
    if (property.isHonoured() && !setting.isWithinBounds()) {
      throw new Mistake(
          scalar.place(),
          Mistake.quoted(scalar.text()) + " is out of range; would be 00:10:00 to 1.00:00:00");
    }
    return setting;
  }

  private static void checkVersion(Node value) throws Mistake {
    if (!Values.scalar(value, "1").text().equals("1")) {
      throw new Mistake(value.place(), "is a version that nobody knows; would be 1");
    }
  }

  private static String unknown(String key) {
    List<String> known = new ArrayList<>(PolicyProperty.words());
    known.add(VERSION);
    Map<String, String> byLowerCase = new LinkedHashMap<>();
    known.forEach(word -> byLowerCase.put(word.toLowerCase(Locale.ROOT), word));
    return Nearest.find(key, byLowerCase.keySet())
        .map(meant -> "unknown property; did you mean " + byLowerCase.get(meant) + "?")
        .orElseGet(() -> "unknown property; known: " + String.join(", ", known));
  }

  /** Graph writes the names of its properties small, PowerShell with a capital. */
  private static Optional<Node> find(Node node, String key) {
    return node instanceof Mapping mapping
        ? mapping.entries().entrySet().stream()
            .filter(entry -> entry.getKey().equalsIgnoreCase(key))
            .map(entry -> entry.getValue().value())
            .findFirst()
        : Optional.empty();
  }

  private static @Nullable String name(Node node) {
    return find(node, "displayName")
        .filter(Scalar.class::isInstance)
        .map(name -> Mistake.printable(((Scalar) name).text()))
        .orElse(null);
  }

  private static String path(String key) {
    return POLICY + "." + key;
  }
}
