package io.refreshd.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the kills at one step cost on one server. */
final class Tally {

  static final String HEAD =
      """
      | killed | server | tokens | kills | losses | redeemed again for nothing | redeemed again for a lost answer | needed consent |
      |---|---|---|--:|--:|--:|--:|--:|
      """;

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

  int kills() {
    return kills;
  }

  /** What must not be, in words. */
  List<String> faults() {
    return faults;
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %d | %d | %d | %d | %d |%n",
        step.words,
        server.name(),
        server.refreshTokens().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        kills,
        losses,
        twice,
        lostAnswers,
        consents);
  }
}
