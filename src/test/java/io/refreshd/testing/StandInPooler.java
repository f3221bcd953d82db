package io.refreshd.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Stands before a database as PgBouncer does: one session for each connection, and what it makes of
 * the {@code search_path} that a client asks for at the start.
 */
public final class StandInPooler implements AutoCloseable {

  /** What becomes of the parameter. */
  public enum SearchPath {
    REFUSED,
    /** As with {@code ignore_startup_parameters}. */
    IGNORED
  }

  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_REQUEST = 80877104;

  private final int port;
  private final SearchPath searchPath;
  private final ServerSocket listening;

  /** A pooler for a port of this machine. */
  public StandInPooler(int port, SearchPath searchPath) throws IOException {
    this.port = port;
    this.searchPath = searchPath;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    WireThread.start(
        "stand-in pooler",
        () -> {
          while (true) {
            Socket client = listening.accept();
            WireThread.start("stand-in pooler", () -> serve(client));
          }
        });
  }

  public int port() {
    return listening.getLocalPort();
  }

  private void serve(Socket client) throws IOException {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      int length = in.readInt();
      int kind = in.readInt();
      while (kind == SSL_REQUEST || kind == GSS_REQUEST) {
        out.write('N');
        length = in.readInt();
        kind = in.readInt();
      }
      byte[] parameters = in.readNBytes(length - 8);
      byte[] kept = withoutSearchPath(parameters);
      if (kept.length < parameters.length && searchPath == SearchPath.REFUSED) {
        refuse(out);
        return;
      }
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
        DataOutputStream asked = new DataOutputStream(server.getOutputStream());
        asked.writeInt(kept.length + 8);
        asked.writeInt(kind);
        asked.write(kept);
        WireThread.start(
            "stand-in pooler",
            () -> {
              try (server) {
                in.transferTo(asked);
              }
            });
        server.getInputStream().transferTo(out);
      }
    }
  }

  /** Names and values in turns, each ended by a NUL, and one more at the end. */
  private static byte[] withoutSearchPath(byte[] parameters) throws IOException {
    String[] texts = new String(parameters, StandardCharsets.ISO_8859_1).split("\0", -1);
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    for (int i = 0; i + 1 < texts.length && !texts[i].isEmpty(); i += 2) {
      if (!texts[i].equals("search_path")) {
        kept.write((texts[i] + "\0" + texts[i + 1] + "\0").getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    kept.write(0);
    return kept.toByteArray();
  }

  private static void refuse(DataOutputStream out) throws IOException {
    byte[] why =
        "SFATAL\0C08P01\0Munsupported startup parameter: search_path\0\0"
            .getBytes(StandardCharsets.ISO_8859_1);
    out.write('E');
    out.writeInt(why.length + 4);
    out.write(why);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
