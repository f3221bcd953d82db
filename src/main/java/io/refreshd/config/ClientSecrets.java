package io.refreshd.config;

import io.refreshd.config.Node.Entry;
import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Client.Credential;
import io.refreshd.grant.Client.Unread;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a client's secrets, the preferred one first, and when they end. */
final class ClientSecrets {

  private final References references;
  private final SecretReferences secrets;

  ClientSecrets(References references, SecretReferences secrets) {
    this.references = references;
    this.secrets = secrets;
  }

  /** Reports what is wrong with the secrets of one level, used or not. */
  void check(Fields fields) {
    List<Reference> given = fields.value(Keys.CLIENT_SECRET);
    List<Optional<Instant>> ends = fields.value(Keys.CLIENT_SECRET_EXPIRES);
    if (ends != null && !fields.has(Keys.CLIENT_SECRET)) {
      fields.reject(
          Keys.CLIENT_SECRET_EXPIRES,
          "has no client-secret beside it; would stand in the same place as the secret");
    } else if (ends != null && given != null && ends.size() != given.size()) {
      fields.wrong(Keys.CLIENT_SECRET_EXPIRES, wrongLength(fields, ends.size(), given.size()));
    }
    if (given != null && references == References.RESOLVE) {
      given.forEach(reference -> secrets.find(reference, fields, Keys.CLIENT_SECRET));
    }
  }

  /** The secrets of the level; empty if what is wrong with them was reported. */
  List<Credential> read(Fields fields) {
    List<Reference> given = fields.value(Keys.CLIENT_SECRET);
    List<Optional<Instant>> ends = fields.value(Keys.CLIENT_SECRET_EXPIRES);
    List<Credential> read = new ArrayList<>();
    for (int i = 0; given != null && i < given.size(); i++) {
      Optional<Instant> end = ends == null || i >= ends.size() ? Optional.empty() : ends.get(i);
      find(given.get(i), end.orElse(null), fields).ifPresent(read::add);
    }
    return read;
  }

  private Optional<Credential> find(Reference reference, @Nullable Instant end, Fields fields) {
    return references == References.LEAVE
        ? Optional.of(new Unread(reference.toString(), end))
        : secrets
            .find(reference, fields, Keys.CLIENT_SECRET)
            .map(secret -> new ClientSecret(secret, end));
  }

  private static String wrongLength(Fields fields, int dates, int secrets) {
    Entry entry = fields.entry(Keys.CLIENT_SECRET_EXPIRES);
    boolean list = entry != null && entry.value() instanceof Node.Sequence;
    String would = secrets == 1 ? "one date" : "a list of " + secrets + ", ~ where none is known";
    return (list ? "has length " + dates : "is one date")
        + " and client-secret has "
        + secrets
        + (secrets == 1 ? " secret" : " secrets")
        + "; would be "
        + would;
  }
}
