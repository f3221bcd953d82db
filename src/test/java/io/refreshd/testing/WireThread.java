package io.refreshd.testing;

import java.io.IOException;

/** A thread that serves a connection until one side or the other ends it. */
final class WireThread {

  private WireThread() {}

  @FunctionalInterface
  interface Task {
    void run() throws IOException;
  }

  static void start(String name, Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // the connection has ended, as it was to
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }
}
