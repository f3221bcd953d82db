package io.refreshd.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What an endpoint can do at most, asked by a client that does the least: one request, made once,
 * again and again through plain sockets, its answer counted and not looked at. Both share the
 * machine's processors, so the endpoint alone can do more.
 */
final class EndpointCeiling {

  private static final int CONNECTIONS = 16;

  private EndpointCeiling() {}

  /** Requests per second; an http endpoint without latency. */
  static double perSecond(URI endpoint, long millis) throws Exception {
    byte[] request = request();
    ExecutorService pool = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      ask(pool, endpoint, request, millis); // the compilers settle
      long before = System.nanoTime();
      long count = ask(pool, endpoint, request, millis);
      return count / ((System.nanoTime() - before) / 1e9);
    } finally {
      pool.shutdown();
    }
  }

  private static long ask(ExecutorService pool, URI endpoint, byte[] request, long millis)
      throws Exception {
    long end = System.nanoTime() + millis * 1_000_000;
    List<Future<Long>> all = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      all.add(pool.submit(() -> askOnOne(endpoint, request, end)));
    }
    long count = 0;
    for (Future<Long> one : all) {
      count += one.get();
    }
    return count;
  }

  private static long askOnOne(URI endpoint, byte[] request, long end) throws IOException {
    int answerLength = new EndpointAnswer().bytes().length;
    long count = 0;
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort());
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream()) {
      socket.setTcpNoDelay(true);
      byte[] answer = new byte[answerLength];
      while (System.nanoTime() < end) {
        out.write(request);
        if (in.readNBytes(answer, 0, answerLength) < answerLength) {
          throw new IOException("the endpoint hung up");
        }
        count++;
      }
    }
    return count;
  }

  private static byte[] request() {
    String body = "grant_type=refresh_token&refresh_token=" + "x".repeat(1_200);
    String head =
        "POST /tenant/oauth2/v2.0/token HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    return (head + body).getBytes(StandardCharsets.US_ASCII);
  }
}
