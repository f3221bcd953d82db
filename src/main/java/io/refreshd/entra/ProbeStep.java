package io.refreshd.entra;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One step of the way to an endpoint: taken, failed, or not tried.
 *
 * @param found what was found there; a failed step may have found something, too; {@code null} if
 *     nothing was found
 * @param trouble why it failed; {@code null} if it did not
 * @param why likewise, for a person; never a secret
 * @param took zero if it was not tried
 */
public record ProbeStep<T>(
    @Nullable T found, @Nullable ProbeTrouble trouble, @Nullable String why, Duration took) {

  static <T> ProbeStep<T> passed(T found, Duration took) {
    return new ProbeStep<>(found, null, null, took);
  }

  /** A step before failed, or this way does not have it. */
  static <T> ProbeStep<T> notTried() {
    return new ProbeStep<>(null, null, null, Duration.ZERO);
  }

  public boolean isPassed() {
    return found != null && trouble == null;
  }

  public boolean isFailed() {
    return trouble != null;
  }

  /** How a step is taken from where the one before it led. */
  @FunctionalInterface
  interface Leg<A, R> {
    R go(A reached) throws ProbeFailure;
  }

  /** Takes the next step, if this one was taken. */
  <R> ProbeStep<R> then(Leg<? super T, R> next) {
    if (found == null || isFailed()) {
      return notTried();
    }
    long start = System.nanoTime();
    try {
      return passed(next.go(found), Duration.ofNanos(System.nanoTime() - start));
    } catch (ProbeFailure e) {
      Duration lost = Duration.ofNanos(System.nanoTime() - start);
      return new ProbeStep<>(null, e.trouble(), e.getMessage(), lost);
    }
  }

  /** The same step, with what was found although it failed. */
  ProbeStep<T> finding(T found) {
    return new ProbeStep<>(found, trouble, why, took);
  }

  /** The same step, with what was found in another form. */
  <R> ProbeStep<R> map(Function<T, R> form) {
    return new ProbeStep<>(found == null ? null : form.apply(found), trouble, why, took);
  }
}
