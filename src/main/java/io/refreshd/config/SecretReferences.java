package io.refreshd.config;

import io.refreshd.grant.Secret;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the secrets that references name, each once. */
final class SecretReferences {

  private static final int LIMIT_KIB = 64;
  private static final String CREDENTIALS = "CREDENTIALS_DIRECTORY";

  private final Surroundings surroundings;
  private final Map<String, Secret> known = new HashMap<>();

  SecretReferences(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * The secret.
   *
   * @throws Mistake naming the reference, if it is missing, empty, too large or not readable
   */
  Secret resolve(Reference reference) throws Mistake {
    Secret before = known.get(reference.toString());
    if (before != null) {
      return before;
    }
    String text = text(reference);
    if (text.isEmpty()) {
      throw new Mistake(reference.place(), reference + " is empty; would hold the secret");
    }
    Secret secret = Secret.of(text);
    known.put(reference.toString(), secret);
    return secret;
  }

  /** The secret; empty if it was reported, as a mistake of the key, that there is none. */
  Optional<Secret> find(Reference reference, Fields fields, Key<?> key) {
    try {
      return Optional.of(resolve(reference));
    } catch (Mistake e) {
      fields.problems().add(fields.path(key.name()), e);
      return Optional.empty();
    }
  }

  /**
   * The text behind the reference, for what is more than a secret.
   *
   * @throws Mistake naming the reference, if it is missing, too large or not readable
   */
  String text(Reference reference) throws Mistake {
    return switch (reference.scheme()) {
      case ENV -> variable(reference);
      case FILE -> file(reference, Path.of(reference.name()));
      case CREDENTIAL -> file(reference, credentials(reference).resolve(reference.name()));
    };
  }

  private String variable(Reference reference) throws Mistake {
    String text = surroundings.environment().get(reference.name());
    if (text == null) {
      throw new Mistake(reference.place(), reference + " is not set; would be in the environment");
    }
    if (text.length() > LIMIT_KIB * 1024) {
      throw new Mistake(reference.place(), reference + " is larger than " + LIMIT_KIB + " KiB");
    }
    return text;
  }

  private Path credentials(Reference reference) throws Mistake {
    Optional<String> directory = surroundings.find(CREDENTIALS);
    if (directory.isEmpty()) {
      throw new Mistake(
          reference.place(),
          reference
              + " has no folder to be in: $"
              + CREDENTIALS
              + " is not set; systemd sets it by LoadCredential="
              + reference.name()
              + ":PATH; in a shell set it to the folder of PATH, if the file there is named "
              + reference.name());
    }
    return surroundings.workingDirectory().resolve(directory.get());
  }

  private static String file(Reference reference, Path path) throws Mistake {
    try {
      return bare(TextFile.read(path, LIMIT_KIB, reference.place()));
    } catch (Mistake e) {
      throw new Mistake(reference.place(), reference + " " + e.words());
    }
  }

  /**
   * Editors begin a file with a byte order mark, and end it, as {@code echo} does, with a line
   * break: neither is a part of the secret.
   */
  private static String bare(String text) {
    int from = text.startsWith("\uFEFF") ? 1 : 0;
    int broken = text.endsWith("\r\n") ? 2 : text.endsWith("\n") ? 1 : 0;
    return text.substring(from, text.length() - broken);
  }
}
