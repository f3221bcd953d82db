package io.refreshd.fault.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.ExecutorService;

/** Passes bytes on between a client and a server, and closes after so many of the server's. */
final class Relay implements AutoCloseable {

  private final URI server;
  private final int most;
  private final ServerSocket listener;
  private final ExecutorService threads;

  Relay(URI server, int most, ExecutorService threads) throws IOException {
    this.server = server;
    this.most = most;
    this.threads = threads;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** The server, as it is seen through here. */
  URI uri() {
    return URI.create(server.getScheme() + "://127.0.0.1:" + listener.getLocalPort());
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        threads.execute(() -> relay(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void relay(Socket client) {
    try (client;
        Socket upstream = new Socket(server.getHost(), server.getPort())) {
      threads.execute(() -> copy(client, upstream, Integer.MAX_VALUE));
      copy(upstream, client, most);
    } catch (IOException e) {
      // one of the two has gone, and now the other
    }
  }

  private static void copy(Socket from, Socket to, int most) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int left = most; left > 0; ) {
        byte[] some = new byte[Math.min(left, 4096)];
        int count = in.read(some);
        if (count < 0) {
          return;
        }
        out.write(some, 0, count);
        left -= count;
      }
    } catch (IOException e) {
      // one of the two has gone
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
