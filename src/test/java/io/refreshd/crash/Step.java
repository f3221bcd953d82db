package io.refreshd.crash;

/** Where the daemon is killed, and what that may cost the grant that it happens to. */
enum Step {
  BEFORE_LEASE("before the lease", Cost.NOTHING, Setting.CALM),
  AFTER_LEASE("after the lease", Cost.MARK, Setting.CALM),
  BEFORE_REQUEST("before the request is sent", Cost.MARK, Setting.CALM),
  IN_EXCHANGE("while the request is on its way", Cost.PERHAPS_AN_ANSWER, Setting.CALM),
  AFTER_ANSWER("after the answer, before the commit", Cost.ANSWER, Setting.CALM),
  AFTER_COMMIT("after the commit", Cost.NOTHING, Setting.CALM),
  WHILE_TELLING("while others are told", Cost.NOTHING, Setting.CALM),
  BEFORE_RECORD("before a refusal is recorded", Cost.MARK, Setting.REFUSING_SERVER),
  AFTER_RECORD("after a refusal was recorded", Cost.NOTHING, Setting.REFUSING_SERVER),
  AFTER_SPOOLING("after the spool took the successor", Cost.NOTHING, Setting.BROKEN_STORE),
  IN_SPOOLING("while the spool is written", Cost.ANSWER, Setting.BROKEN_STORE),
  IN_RECOVERY("while a restart takes in the spool", Cost.NOTHING, Setting.CALM),
  ANY_TIME("at any time, the packaged daemon", Cost.PERHAPS_AN_ANSWER, Setting.CALM),
  NEVER("never", Cost.NOTHING, Setting.CALM);

  /** The least that a kill costs. */
  enum Cost {
    /** The store knows all that happened. */
    NOTHING,
    /** The store knows that the token was about to be presented, not whether it was. */
    MARK,
    /** As {@link #MARK}, and the answer may be lost. */
    PERHAPS_AN_ANSWER,
    /** As {@link #MARK}, and the answer is lost for certain. */
    ANSWER
  }

  /** What the daemon meets on its way there. */
  enum Setting {
    CALM,
    REFUSING_SERVER,
    BROKEN_STORE
  }

  final String words;
  final Cost cost;
  final Setting setting;

  Step(String words, Cost cost, Setting setting) {
    this.words = words;
    this.cost = cost;
    this.setting = setting;
  }

  /** Where the daemon says so and waits for its end; elsewhere it goes on until it comes. */
  boolean isHeld() {
    return this != IN_EXCHANGE;
  }

  /** How many redemptions the store may not know of afterwards. */
  int lostAnswers() {
    return cost == Cost.ANSWER || cost == Cost.PERHAPS_AN_ANSWER ? 1 : 0;
  }

  /** Whether the grant of a single-use server may need a new consent afterwards. */
  boolean mayNeedConsent() {
    return cost != Cost.NOTHING;
  }
}
