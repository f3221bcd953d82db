package io.refreshd.rotation;

import io.refreshd.grant.Client;
import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Client.Credential;
import io.refreshd.grant.Client.NoCredential;
import io.refreshd.grant.Client.Unread;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a credential of a client stands: application secrets and certificates have deadlines too.
 *
 * @param key its stable name, without a secret in it, see {@link CircuitKeys}
 * @param client the client's id
 * @param label what it is, for a person: {@code client secret}, {@code client secret 2 of 3},
 *     {@code certificate FILE}
 * @param use whether rotations go by it
 * @param level how urgent it is
 * @param expiresAt its end; {@code null} if nobody knows
 * @param circuit the circuit that its refusal opened; {@code null} if it was not refused
 * @param grants whose client proves itself by it
 */
public record CredentialStatus(
    String key,
    String client,
    String label,
    Use use,
    Level level,
    @Nullable Instant expiresAt,
    @Nullable Circuit circuit,
    List<GrantName> grants) {

  /** Of so many clients the circuits are asked for at a time. */
  private static final int AT_ONCE = 1_000;

  /** A secret is made and handed out by people: a week is little. */
  static final Duration CRITICAL = Duration.ofDays(7);

  /** And a month is not much. */
  private static final Duration WARNING = Duration.ofDays(30);

  public CredentialStatus {
    grants = List.copyOf(grants);
  }

  /** Whether rotations go by a credential. */
  public enum Use {
    /** The first of its client's that was not refused. */
    IN_USE,
    /** Comes after the one in use. */
    SPARE,
    /** The server does not take it. */
    REFUSED;

    /** The word for it in JSON and texts: {@code in-use}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * The credentials of these grants, each once, in the order of the grants.
   *
   * @param circuits gives those that some grants may stand behind
   */
  public static List<CredentialStatus> of(
      Collection<Grant> grants, Function<Collection<Grant>, Circuits> circuits, Instant now) {
    Map<Where, List<Grant>> clients = new LinkedHashMap<>();
    for (Grant grant : grants) {
      Where where = new Where(CircuitKeys.authority(grant.endpoint()), grant.client());
      clients.computeIfAbsent(where, key -> new ArrayList<>()).add(grant);
    }
    List<CredentialStatus> all = new ArrayList<>();
    List<List<Grant>> users = List.copyOf(clients.values());
    for (int from = 0; from < users.size(); from += AT_ONCE) {
      List<List<Grant>> some = users.subList(from, Math.min(users.size(), from + AT_ONCE));
      Circuits open = circuits.apply(some.stream().map(one -> one.get(0)).toList());
      for (List<Grant> of : some) {
        all.addAll(of(of.get(0), of.stream().map(Grant::name).toList(), open, now));
      }
    }
    return all;
  }

  /** A client at an authority: what its grants have in common. */
  private record Where(String authority, Client client) {}

  private static List<CredentialStatus> of(
      Grant grant, List<GrantName> users, Circuits circuits, Instant now) {
    List<Credential> credentials = grant.client().credentials();
    List<CredentialStatus> all = new ArrayList<>();
    boolean isFound = false;
    for (int i = 0; i < credentials.size(); i++) {
      if (credentials.get(i) instanceof NoCredential) {
        continue;
      }
      Grant by = grant.by(credentials.get(i));
      Circuit circuit = circuits.ofCredential(by);
      Use use = circuit != null ? Use.REFUSED : isFound ? Use.SPARE : Use.IN_USE;
      isFound |= use == Use.IN_USE;
      Instant end = credentials.get(i).expiresAt();
      all.add(
          new CredentialStatus(
              key(by, i),
              grant.client().id(),
              label(credentials.get(i), i + 1, credentials.size()),
              use,
              level(use, end, now),
              end,
              circuit,
              users));
    }
    return all;
  }

  /** Where nobody looked at the secrets, their places tell them apart. */
  private static String key(Grant by, int place) {
    String key = CircuitKeys.of(by, Reach.CREDENTIAL);
    return by.client().credential() instanceof Unread ? key + "#" + place : key;
  }

  private static Level level(Use use, @Nullable Instant end, Instant now) {
    Duration left = end == null ? null : Duration.between(now, end);
    if (left != null && use != Use.SPARE && left.compareTo(CRITICAL) <= 0) {
      return Level.CRITICAL;
    }
    boolean isNear = left != null && left.compareTo(WARNING) <= 0;
    return isNear || use == Use.REFUSED ? Level.WARNING : Level.OK;
  }

  /** Days to its end, negative after it; {@code null} if nobody knows. */
  public @Nullable Double daysLeft(Instant now) {
    return expiresAt == null ? null : Duration.between(now, expiresAt).toMillis() / 86_400_000d;
  }

  private static String label(Credential credential, int place, int all) {
    if (credential instanceof Certificate certificate) {
      return "certificate " + certificate.file();
    }
    String what = credential instanceof Unread ? "client credential" : "client secret";
    return all == 1 ? what : what + " " + place + " of " + all;
  }
}
