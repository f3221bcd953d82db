package io.refreshd.alert;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Reads all that a command prints, lest it wait for a reader, and keeps the beginning of it. */
final class CommandOutput {

  private static final int KEPT_BYTES = 8 * 1024;

  /** For what is still in the pipe when the command has ended. */
  private static final long REST_MILLIS = 500;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  CommandOutput(InputStream output) {
    CommandDelivery.thread(() -> read(output));
  }

  private void read(InputStream output) {
    byte[] buffer = new byte[KEPT_BYTES];
    try (output) {
      for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
        keep(buffer, read);
      }
    } catch (IOException e) {
      // its end, too: a killed command's pipe may break instead of closing
    } finally {
      end.complete(null);
    }
  }

  private synchronized void keep(byte[] buffer, int length) {
    kept.write(buffer, 0, Math.min(length, KEPT_BYTES - kept.size()));
  }

  /** A process that the command left behind may hold its output open: it is not waited for. */
  String text() {
    end.completeOnTimeout(null, REST_MILLIS, TimeUnit.MILLISECONDS).join();
    synchronized (this) {
      return kept.toString(StandardCharsets.UTF_8);
    }
  }
}
