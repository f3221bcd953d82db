package io.refreshd.rotation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One reason for people to be told something, as a look found it, with all whom it reaches. Of
 * those beyond the most urgent only who they are is kept: it may reach a million grants at once,
 * and no alert says more of them. For the same reason that is no name of its own for each, but what
 * the configuration has of it.
 */
public final class Cause {

  /** So many are named in an alert, the most urgent; its title counts them all. */
  static final int NAMED = 100;

  private static final Comparator<Effect> URGENCY =
      Comparator.comparing(Effect::covered)
          .thenComparing(Effect::level, Comparator.reverseOrder())
          .thenComparing(Effect::rung, Comparator.reverseOrder())
          .thenComparing(Effect::until, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Effect::name);

  private final Topic topic;
  private final String about;

  /** The least urgent of them is the first to make room. */
  private final PriorityQueue<Effect> mostUrgent = new PriorityQueue<>(URGENCY.reversed());

  private final List<Object> subjects = new ArrayList<>();
  private final List<Object> covered = new ArrayList<>();
  private int rung;

  /**
   * A cause that reaches nobody yet.
   *
   * @param topic what it is about
   * @param about which one of that topic: a circuit's key, a code, a host; empty if there is but
   *     one
   */
  Cause(Topic topic, String about) {
    this.topic = topic;
    this.about = about;
  }

  /** Adds whom it reaches as well; nobody is added twice. */
  void add(Effect effect) {
    if (effect.covered()) {
      covered.add(effect.subject());
    } else {
      subjects.add(effect.subject());
      rung = Math.max(rung, effect.rung());
    }
    boolean isFull = mostUrgent.size() == NAMED;
    if (!isFull || URGENCY.compare(effect, mostUrgent.element()) < 0) {
      mostUrgent.add(effect);
    }
    if (mostUrgent.size() > NAMED) {
      mostUrgent.remove();
    }
  }

  /** What it is about. */
  public Topic topic() {
    return topic;
  }

  /** Which one of that topic. */
  String about() {
    return about;
  }

  /** Its stable name: {@code circuit/credential:4f…}. */
  public String name() {
    return topic.cause(about);
  }

  /** The most urgent first, up to {@link #NAMED}; those that are covered come last. */
  List<Effect> effects() {
    return mostUrgent.stream().sorted(URGENCY).toList();
  }

  /** All of whom it is to tell, those first that {@link #effects} names. */
  Set<String> subjects() {
    Set<Object> named = new LinkedHashSet<>();
    effects().stream().filter(e -> !e.covered()).forEach(e -> named.add(e.subject()));
    List<Object> namedFirst = new ArrayList<>(named);
    subjects.stream().filter(subject -> !named.contains(subject)).forEach(namedFirst::add);
    return NameSet.written(namedFirst);
  }

  /** How far down the ladder the furthest of them is. */
  int rung() {
    return rung;
  }

  /** Whether it is to tell of nobody but these. */
  boolean tellsOnlyOf(Set<String> known) {
    return subjects.stream().allMatch(subject -> known.contains(subject.toString()));
  }

  /** Whether it reaches one of these, told of or covered. */
  boolean reachesAny(Set<String> known) {
    return Stream.concat(subjects.stream(), covered.stream())
        .anyMatch(subject -> known.contains(subject.toString()));
  }

  @Override
  public String toString() {
    return name() + effects();
  }

  /**
   * How a cause reaches one grant or client.
   *
   * @param subject the grant's name, or the client's: what has it as its text
   * @param level how urgent it is
   * @param rung how far down the ladder, 0 for not yet on it
   * @param until when it will be too late; {@code null} if that is not known
   * @param covered whether another cause tells of the same subject more to the point: then this one
   *     is not told, but it is not over either
   * @param concern the words, made only if they are told
   */
  public record Effect(
      Object subject,
      Level level,
      int rung,
      @Nullable Instant until,
      boolean covered,
      Supplier<Alert.Concern> concern) {

    /** The grant's name, or the client's, as people read it. */
    String name() {
      return subject.toString();
    }
  }
}
