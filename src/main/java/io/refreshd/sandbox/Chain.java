package io.refreshd.sandbox;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one consent has led to: a chain of refresh tokens, of which it remembers the newest two, and
 * how it was used. Many threads may share it.
 */
public final class Chain {

  private final long id;
  private final SandboxClient client;
  private final String user;
  private final Instant signedInAt;
  private int number;
  private String newest = "";
  private @Nullable String previous;
  private boolean revoked;
  private int requests;
  private int concurrent;
  private int mostConcurrent;

  Chain(long id, SandboxClient client, String user, Instant signedInAt) {
    this.id = id;
    this.client = client;
    this.user = user;
    this.signedInAt = signedInAt;
  }

  public SandboxClient client() {
    return client;
  }

  public String user() {
    return user;
  }

  /** When the user consented. */
  public Instant signedInAt() {
    return signedInAt;
  }

  /** The token that was issued last, whether or not its answer arrived. */
  public synchronized String newest() {
    return newest;
  }

  /** The token before it; {@code null} if there was none. */
  public synchronized @Nullable String previous() {
    return previous;
  }

  /** How many tokens were issued for a token, the first one not counted. */
  public synchronized int redemptions() {
    return number - 1;
  }

  /** How many requests presented a token of this chain, with whatever outcome. */
  public synchronized int requests() {
    return requests;
  }

  /** How many of them were under way at once, at most. */
  public synchronized int mostConcurrent() {
    return mostConcurrent;
  }

  long id() {
    return id;
  }

  synchronized void enter() {
    requests++;
    mostConcurrent = Math.max(mostConcurrent, ++concurrent);
  }

  synchronized void leave() {
    concurrent--;
  }

  /** Issues the next token. */
  synchronized String issue(TokenSeal seal, Instant now) {
    number++;
    previous = number == 1 ? null : newest;
    newest = seal.close(new TokenSeal.Note(id, number, now));
    return newest;
  }

  /**
   * Issues the next token for the newest one. Any other was spent before: that revokes the chain
   * (RFC 9700 section 4.14.2).
   */
  synchronized Optional<String> spend(int presented, TokenSeal seal, Instant now) {
    revoked |= presented != number;
    return revoked ? Optional.empty() : Optional.of(issue(seal, now));
  }
}
