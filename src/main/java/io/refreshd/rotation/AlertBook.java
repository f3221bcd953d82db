package io.refreshd.rotation;

import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.Alert.Concern;
import io.refreshd.rotation.Cause.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a look found with what people were told before: what is new or worse is raised, at
 * most once an hour for each cause; what stands is told again once a day; what is over is told once
 * more. Pure.
 */
public final class AlertBook {

  /** Whoever sees a cause that stands reminds of it once a day. */
  private static final Duration ABANDONED = Duration.ofDays(3);

  /** What a look can say of a cause that people were told of, if it did not find it. */
  public enum Sight {
    /** It is over. */
    HERE,
    /** Nothing, because only another daemon can see it, which reminds of it once a day. */
    ELSEWHERE,
    /** Nothing until a server has answered. */
    NOT_YET
  }

  /** What a look can see of what people were told before. */
  @FunctionalInterface
  public interface View {

    /** What it can say of a cause that it did not find. */
    Sight sight(OpenAlert told);

    /** Whom of those told of only another daemon knows: it cannot say that they are well. */
    default Set<String> unseen(OpenAlert told) {
      return Set.of();
    }
  }

  private final Instant now;
  private final View view;
  private final Map<String, OpenAlert> before;
  private final List<Alert> alerts = new ArrayList<>();
  private final List<OpenAlert> after = new ArrayList<>();

  private AlertBook(Instant now, View view, List<OpenAlert> open) {
    this.now = now;
    this.view = view;
    this.before =
        open.stream()
            .collect(
                Collectors.toMap(
                    OpenAlert::cause, one -> one, (one, other) -> one, LinkedHashMap::new));
  }

  /**
   * What is to be told, and what is remembered from then on.
   *
   * @param before what was remembered when the look was compared with it
   * @param alerts to be told now, in order
   * @param open all that is to be remembered
   */
  public record Page(List<OpenAlert> before, List<Alert> alerts, List<OpenAlert> open) {
    public Page {
      before = List.copyOf(before);
      alerts = List.copyOf(alerts);
      open = List.copyOf(open);
    }
  }

  /** The page of one look that sees everything. */
  public static Page compare(List<Cause> found, List<OpenAlert> open, Instant now) {
    return compare(found, open, told -> Sight.HERE, now);
  }

  /**
   * The page of one look.
   *
   * @param view what it can see. What people were told of whom it cannot see stays as it is, unless
   *     the daemon that can has been silent for days.
   */
  public static Page compare(List<Cause> found, List<OpenAlert> open, View view, Instant now) {
    AlertBook book = new AlertBook(now, view, open);
    found.forEach(cause -> book.stands(cause, book.before.remove(cause.name())));
    book.before.values().forEach(book::isGone);
    return new Page(open, book.alerts, book.after);
  }

  private void isGone(OpenAlert told) {
    switch (view.sight(told)) {
      case HERE -> isOver(told);
      case ELSEWHERE -> staysElsewhere(told);
      case NOT_YET -> after.add(told);
    }
  }

  /** As far as it is there: of several daemons the one that sees the last of them ends it. */
  private void staysElsewhere(OpenAlert told) {
    if (told.lastToldAt().plus(ABANDONED).isAfter(now)) {
      Set<String> unseen = view.unseen(told);
      after.add(unseen.isEmpty() ? told : told.of(unseen));
    } else if (Topic.of(told.cause()) == Topic.CREDENTIAL) {
      isOver(told); // a person can have a grant forgotten, but not a client
    }
  }

  private void stands(Cause cause, @Nullable OpenAlert told) {
    List<Effect> telling = cause.effects().stream().filter(e -> !e.covered()).toList();
    if (telling.isEmpty()) {
      staysCovered(cause, told);
    } else if (told == null) {
      tell(Change.RAISED, cause, telling, telling.get(0), remembered(cause, telling, now, now));
    } else if (told.mayBeRaised(now) && isWorse(cause, telling, told)) {
      Instant since = told.isStanding() ? told.since() : now;
      OpenAlert seen = remembered(cause, telling, since, now);
      tell(Change.RAISED, cause, telling, newest(telling, told), withUnseen(seen, told));
    } else if (told.isReminderDue(now)) {
      OpenAlert seen = remembered(cause, telling, told.since(), told.raisedAt());
      tell(Change.REMINDED, cause, telling, telling.get(0), withUnseen(seen, told));
    } else {
      after.add(told);
    }
  }

  /**
   * Another cause tells of its subjects: it is over once none of those it told of is among them.
   */
  private void staysCovered(Cause cause, @Nullable OpenAlert told) {
    if (told == null) {
      return;
    }
    if (cause.reachesAny(told.subjects())) {
      after.add(told);
    } else {
      isGone(told);
    }
  }

  private void tell(
      Change change, Cause cause, List<Effect> telling, Effect first, OpenAlert remembered) {
    int all = remembered.subjects().size();
    alerts.add(
        new Alert(
            cause.name(),
            change,
            remembered.level(),
            now,
            AlertWords.title(first.concern().get(), all),
            telling.stream().map(effect -> effect.concern().get()).toList(),
            all));
    after.add(remembered);
  }

  private void isOver(OpenAlert told) {
    if (told.isStanding()) {
      Topic topic = Topic.of(told.cause());
      List<Concern> concerns =
          told.subjects().stream()
              .limit(Cause.NAMED)
              .map(subject -> AlertWords.over(topic, subject))
              .toList();
      int all = told.subjects().size();
      String title = AlertWords.title(concerns.get(0), all);
      alerts.add(new Alert(told.cause(), Change.RECOVERED, Level.OK, now, title, concerns, all));
    }
    if (!told.mayBeRaised(now)) {
      after.add(told.over());
    }
  }

  private OpenAlert remembered(Cause cause, List<Effect> telling, Instant since, Instant raisedAt) {
    return new OpenAlert(
        cause.name(), since, raisedAt, now, telling.get(0).level(), cause.rung(), cause.subjects());
  }

  /**
   * The cause still reaches those whom only another daemon knows, and as badly as was told; for
   * some days only, for it may be that none knows them any more.
   */
  private OpenAlert withUnseen(OpenAlert seen, OpenAlert told) {
    boolean isRecent = told.raisedAt().plus(ABANDONED).isAfter(now);
    Set<String> unseen = isRecent ? view.unseen(told) : Set.of();
    if (unseen.isEmpty()) {
      return seen;
    }
    Set<String> all = new LinkedHashSet<>(seen.subjects());
    all.addAll(unseen);
    return new OpenAlert(
        seen.cause(),
        seen.since(),
        seen.raisedAt(),
        seen.lastToldAt(),
        seen.level().compareTo(told.level()) < 0 ? told.level() : seen.level(),
        Math.max(seen.rung(), told.rung()),
        all);
  }

  private static boolean isWorse(Cause cause, List<Effect> telling, OpenAlert told) {
    return telling.get(0).level().compareTo(told.level()) > 0
        || cause.rung() > told.rung()
        || !cause.tellsOnlyOf(told.subjects());
  }

  /**
   * The most urgent of those that were not told of before; of all if it only got worse, or if they
   * are not urgent enough to be named.
   */
  private static Effect newest(List<Effect> telling, OpenAlert told) {
    Set<String> known = told.subjects();
    return telling.stream()
        .filter(effect -> !known.contains(effect.name()))
        .findFirst()
        .orElse(telling.get(0));
  }
}
