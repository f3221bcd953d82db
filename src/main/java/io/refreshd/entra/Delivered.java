package io.refreshd.entra;

/**
 * Ends msal4j's part in a redemption once the wire has the answer, so that no code but ours sees
 * it: nothing to parse, cache, log, retry or throttle by. Carries nothing, and no stack.
 */
final class Delivered extends Exception {

  private static final long serialVersionUID = 1L;

  Delivered() {
    super("the answer is with refreshd", null, false, false);
  }
}
