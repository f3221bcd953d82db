package io.refreshd.store;

import io.refreshd.grant.GrantName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is asked of a transaction in the same way for many grants, until it is done for all. */
final class Gathering<A, R> {

  private final Set<GrantName> grants = new HashSet<>();
  private List<A> asked = new ArrayList<>();

  /** In the order of what was asked for. */
  private List<R> answers = new ArrayList<>();

  /** Whether something is asked for a grant already. */
  boolean concerns(GrantName grant) {
    return grants.contains(grant);
  }

  boolean isEmpty() {
    return asked.isEmpty();
  }

  GroupCommit.Answer<R> add(GrantName grant, A one) {
    grants.add(grant);
    List<R> mine = answers;
    int place = asked.size();
    asked.add(one);
    return () -> mine.get(place);
  }

  List<A> asked() {
    return asked;
  }

  /** It was done for all; what is asked for from now on is for another time. */
  void answer(List<R> all) {
    answers.addAll(all);
    grants.clear();
    asked = new ArrayList<>();
    answers = new ArrayList<>();
  }
}
