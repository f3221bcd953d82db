package io.refreshd.cli;

import io.refreshd.rotation.RefusalKind;

/** What to do when a token that is brought in is not accepted. */
final class ImportAdvice {

  private ImportAdvice() {}

  static String of(RefusalKind kind) {
    return switch (kind) {
      case TRANSIENT, THROTTLED ->
          "try again in a while; or store it unredeemed with --no-redeem, and the daemon tries on";
      case DEAD -> "the token is no more: sign in anew and import the new one";
      case INTERACTION_REQUIRED -> "a person must sign in, as the message says; import that token";
      case ACCOUNT -> "ask the directory's administrator about the account";
      case CONFIGURATION ->
          "check tenant-id, client-id, its credential, scopes or resource, and that the whole token"
              + " was pasted";
      case UNKNOWN -> "see docs/errors.md; the server's words are above";
      case LOST_ANSWER ->
          "the server may have spent the token: sign in anew and import the new one";
    };
  }
}
