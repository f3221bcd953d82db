package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands over grants with the circuits that they may stand behind, which are asked for a page at a
 * time: of a million grants each can stand behind one of its own.
 */
public final class WithCircuits {

  private static final int PAGE = 1_000;

  /** Takes a grant; what it may stand behind is among the circuits. */
  @FunctionalInterface
  public interface Taker {
    void take(Grant grant, GrantRecord record, Circuits circuits);
  }

  private final TokenStore store;
  private final Taker taker;
  private final List<Grant> grants = new ArrayList<>();
  private final List<GrantRecord> records = new ArrayList<>();

  public WithCircuits(TokenStore store, Taker taker) {
    this.store = store;
    this.taker = taker;
  }

  /** Adds one; it is handed over now or later. */
  public void add(Grant grant, GrantRecord record) {
    grants.add(grant);
    records.add(record);
    if (grants.size() == PAGE) {
      end();
    }
  }

  /** Hands over what is left; to be called when there is no more. */
  public void end() {
    if (grants.isEmpty()) {
      return;
    }
    Circuits circuits = store.circuitsOf(grants);
    for (int i = 0; i < grants.size(); i++) {
      taker.take(grants.get(i), records.get(i), circuits);
    }
    grants.clear();
    records.clear();
  }
}
