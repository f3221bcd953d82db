package io.refreshd.crash;

import java.util.ArrayList;
import java.util.List;

/** What the kills at one step cost on one server. */
final class Tally {

  private final Step step;
  private final TokenServer server;
  private final List<String> faults = new ArrayList<>();
  private int kills;
  private int losses;
  private int twice;
  private int lostAnswers;
  private int consents;

  Tally(Step step, TokenServer server) {
    this.step = step;
    this.server = server;
  }

  void kill() {
    kills++;
  }

  /** A grant lost what it need not have lost. */
  void loss(String why) {
    losses++;
    faults.add("lost: " + step.words + ": " + why);
  }

  /** A token was presented twice though the first answer had come, or must not come again. */
  void twice(String why) {
    twice++;
    faults.add("twice: " + step.words + ": " + why);
  }

  /** A server whose tokens live on was asked again, for its answer was lost. */
  void lostAnswer(int times) {
    lostAnswers += times;
  }

  /** A single-use server's answer may be lost: a person is asked. */
  void consent() {
    consents++;
  }

  Step step() {
    return step;
  }

  TokenServer server() {
    return server;
  }

  /** Both together. */
  Tally and(Tally other) {
    Tally both = new Tally(step, server);
    both.faults.addAll(faults);
    both.faults.addAll(other.faults);
    both.kills = kills + other.kills;
    both.losses = losses + other.losses;
    both.twice = twice + other.twice;
    both.lostAnswers = lostAnswers + other.lostAnswers;
    both.consents = consents + other.consents;
    return both;
  }

  int kills() {
    return kills;
  }

  /** What must not be, in words. */
  List<String> faults() {
    return faults;
  }

  /** What was found wrong, and must not have been. */
  String verdict() {
    return kills + " / " + losses + " / " + twice;
  }

  /** What could not be helped. */
  int cost() {
    return lostAnswers + consents;
  }
}
