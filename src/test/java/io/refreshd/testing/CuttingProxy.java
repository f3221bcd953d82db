package io.refreshd.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a program and its database, and cuts their connections when it is told to. */
public final class CuttingProxy implements AutoCloseable {

  /** When the connections are cut, and how. */
  public enum Cut {
    NEVER,
    /** New ones are refused as well. */
    NOW,
    /** The commit does not reach the server. */
    BEFORE_A_COMMIT,
    /** The commit reaches the server, its answer does not come back. */
    AFTER_A_COMMIT,
    /** Nothing is cut, and nothing gets through any more. */
    HANGING
  }

  private final int port;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Cut cut = Cut.NEVER;
  private volatile boolean answerIsLost;

  /** A proxy for a port of this machine. */
  public CuttingProxy(int port) throws IOException {
    this.port = port;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    WireThread.start("cutting proxy", this::accept);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Cuts that way from now on; what cuts at a commit cuts once, and never after. */
  public synchronized void cut(Cut next) {
    cut = next;
    notifyAll();
    if (next == Cut.NOW) {
      closeAll();
    }
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listening.accept();
      if (cut == Cut.NOW) {
        client.close();
        continue;
      }
      Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
      open.add(client);
      open.add(server);
      WireThread.start(
          "cutting proxy",
          () -> pump(client.getInputStream(), server.getOutputStream(), client, server, true));
      WireThread.start(
          "cutting proxy",
          () -> pump(server.getInputStream(), client.getOutputStream(), client, server, false));
    }
  }

  private void pump(InputStream in, OutputStream out, Socket client, Socket server, boolean asks)
      throws IOException {
    try (client;
        server) {
      byte[] bytes = new byte[1 << 16];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        if (!pass(out, bytes, read, asks)) {
          return;
        }
      }
      awaitNotHanging();
    } finally {
      open.remove(client);
      open.remove(server);
    }
  }

  /** That one side ends the connection does not get through either. */
  private synchronized void awaitNotHanging() {
    try {
      while (cut == Cut.HANGING) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Passes on what was read, unless the connection is to end here. */
  private boolean pass(OutputStream out, byte[] bytes, int length, boolean asks)
      throws IOException {
    Cut now = cut;
    if (now == Cut.HANGING) {
      return true;
    }
    boolean commits = asks && holdsCommit(bytes, length);
    if (commits && now == Cut.BEFORE_A_COMMIT) {
      cut = Cut.NEVER;
      return false;
    }
    if (commits && now == Cut.AFTER_A_COMMIT) {
      cut = Cut.NEVER;
      answerIsLost = true;
    } else if (!asks && answerIsLost) {
      answerIsLost = false;
      return false;
    }
    out.write(bytes, 0, length);
    out.flush();
    return true;
  }

  private static boolean holdsCommit(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1).contains("COMMIT");
  }

  private void closeAll() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut(Cut.NOW);
  }
}
