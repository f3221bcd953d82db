package io.refreshd.config;

import io.refreshd.config.Node.Nothing;
import io.refreshd.config.Node.Sequence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The types of values that are one thing or a list of such: secrets, and when they end. */
final class CredentialValues {

  private static final String SECRETS_WORDS =
      "a reference, or a list of them: env:NAME, file:PATH or credential:NAME";
  private static final String ENDS_WORDS = "a date, for example 2027-01-31, or a list of them";

  static final ValueType<List<Reference>> SECRETS =
      new ValueType<>(
          SECRETS_WORDS, ValueType.ONE_OR_LIST, Values.SECRET.pattern(), CredentialValues::secrets);

  /** Empty for an end that nobody knows. */
  static final ValueType<List<Optional<Instant>>> ENDS =
      new ValueType<>(ENDS_WORDS, ValueType.ONE_OR_LIST, Dates.PATTERN, CredentialValues::ends);

  private CredentialValues() {}

  private static List<Reference> secrets(Node node) throws Mistake {
    Mistakes mistakes = new Mistakes();
    List<Reference> references = new ArrayList<>();
    for (Node item : items(node, SECRETS_WORDS)) {
      mistakes.read(item, given -> secret(given, references)).ifPresent(references::add);
    }
    mistakes.throwIfAny();
    return references;
  }

  private static Reference secret(Node item, List<Reference> before) throws Mistake {
    Reference reference = Reference.read(item);
    if (before.stream().anyMatch(one -> one.toString().equals(reference.toString()))) {
      throw new Mistake(
          item.place(), reference + " is named twice; would be a list of different secrets");
    }
    return reference;
  }

  private static List<Optional<Instant>> ends(Node node) throws Mistake {
    return Mistakes.readEach(items(node, ENDS_WORDS), CredentialValues::end);
  }

  private static Optional<Instant> end(Node item) throws Mistake {
    return item instanceof Nothing
        ? Optional.empty()
        : Optional.of(Dates.read(Values.scalar(item, "a date, for example 2027-01-31")));
  }

  private static List<Node> items(Node node, String would) throws Mistake {
    if (!(node instanceof Sequence list)) {
      return List.of(node);
    }
    if (list.items().isEmpty()) {
      throw new Mistake(node.place(), "is an empty list; would be " + would);
    }
    return list.items();
  }
}
