package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is known, from outside of a store that was brought back, of the generations that came after
 * it. For one thread.
 */
public final class Sightings {

  private final Predicate<GrantName> matters;
  private final Map<GrantName, List<Sighting>> byGrant = new HashMap<>();
  private final Set<GrantName> forgotten = new HashSet<>();
  private boolean complete;

  /** Of all grants. */
  public Sightings() {
    this(name -> true);
  }

  /**
   * Of some grants: what is seen of a million others is not remembered.
   *
   * @param matters whether it matters what was seen of a grant
   */
  public Sightings(Predicate<GrantName> matters) {
    this.matters = matters;
  }

  /** Takes note of one. Of those at one place only the newest is kept. */
  public void add(Sighting sighting) {
    if (!matters.test(sighting.grant())) {
      return;
    }
    List<Sighting> known = byGrant.computeIfAbsent(sighting.grant(), name -> new ArrayList<>(1));
    for (Sighting other : known) {
      boolean isSamePlace = other.where().equals(sighting.where());
      if (isSamePlace && other.generation() > sighting.generation()) {
        return;
      }
    }
    known.removeIf(
        other ->
            other.where().equals(sighting.where()) && other.generation() < sighting.generation());
    if (!known.contains(sighting)) {
      known.add(sighting);
    }
  }

  /** Takes note that a person had a grant removed: its generations are numbered anew since. */
  public void addForgotten(GrantName grant) {
    if (matters.test(grant)) {
      forgotten.add(grant);
    }
  }

  /** Takes note of all that another one knows. */
  public void addAll(Sightings others) {
    others.byGrant.values().forEach(list -> list.forEach(this::add));
    others.forgotten.forEach(this::addForgotten);
    complete |= others.complete;
  }

  /** From now on, what was not seen did not happen: somebody saw everything. */
  public void setComplete() {
    complete = true;
  }

  public boolean isComplete() {
    return complete;
  }

  /**
   * Why a commit that was never stored may not bring the newest generation of its grant; {@code
   * null} if nothing was seen that speaks against it.
   */
  public @Nullable String findNewer(Commit commit) {
    if (forgotten.contains(commit.grant())) {
      return "the grant was forgotten since, and is numbered anew";
    }
    for (Sighting sighting : byGrant.getOrDefault(commit.grant(), List.of())) {
      if (sighting.contradicts(commit)) {
        return "generation " + sighting.generation() + " was seen in " + sighting.where();
      }
    }
    return null;
  }

  /** Why the record's token may be spent; {@code null} if it is known not to be. */
  public @Nullable String findDoubt(GrantRecord record) {
    for (Sighting sighting : byGrant.getOrDefault(record.name(), List.of())) {
      if (sighting.outdates(record)) {
        return sighting.generation() == record.generation() && sighting.spent()
            ? "it was presented, and nobody saw the answer (" + sighting.where() + ")"
            : "generation " + sighting.generation() + " was seen in " + sighting.where();
      }
    }
    return complete ? null : "nothing tells whether it was used since";
  }
}
