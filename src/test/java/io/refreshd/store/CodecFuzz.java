package io.refreshd.store;

import io.refreshd.fuzz.Require;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Set;

/** Takes bytes as a commit, as an alert, and as the subjects of one. */
public final class CodecFuzz {

  private CodecFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    commit(input);
    alert(input);
    subjects(input);
  }

  private static void commit(byte[] input) {
    try {
      CommitCodec.Waiting waiting = CommitCodec.decode(input);
      byte[] again = CommitCodec.encode(waiting.lease(), waiting.commit());
      Require.that(CommitCodec.decode(again).equals(waiting), "another commit");
    } catch (IOException e) {
      Require.that(e.getMessage() != null || e instanceof EOFException, "says nothing");
    }
  }

  private static void alert(byte[] input) {
    try {
      Alert alert = AlertCodec.alert(input);
      Require.that(AlertCodec.alert(AlertCodec.encode(alert)).equals(alert), "another alert");
    } catch (StoreException.Damaged e) {
      Require.line(String.valueOf(e.getMessage()), 300);
    }
  }

  private static void subjects(byte[] input) {
    try {
      Set<String> subjects = AlertCodec.subjects(input);
      Require.that(
          AlertCodec.subjects(AlertCodec.encode(subjects)).equals(subjects), "other subjects");
    } catch (StoreException.Damaged e) {
      Require.line(String.valueOf(e.getMessage()), 300);
    }
  }
}
