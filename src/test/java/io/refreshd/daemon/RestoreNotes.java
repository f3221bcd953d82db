package io.refreshd.daemon;

import io.refreshd.rotation.BackupLabel;
import java.util.ArrayList;
import java.util.List;

/** Takes note of what a restore says of each grant. */
final class RestoreNotes implements Restoring.Report {

  private final List<Restoring.Restored> grants = new ArrayList<>();

  List<Restoring.Restored> grants() {
    return List.copyOf(grants);
  }

  @Override
  public void backup(BackupLabel label) {
    // the tests of the command look at what is said of it
  }

  @Override
  public void grant(Restoring.Restored grant) {
    grants.add(grant);
  }
}
