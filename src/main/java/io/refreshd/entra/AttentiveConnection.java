package io.refreshd.entra;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that knows when bytes have come that nobody asked for. The library would take them
 * for the answer to the next request; on a kept connection that may be another grant's, and the
 * token in them too.
 */
final class AttentiveConnection extends DefaultManagedHttpClientConnection {

  /** Answers of status 1xx before the real one: a flood of them has no other end. */
  private static final int MOST_INTERIM = 8;

  private static final AtomicLong COUNT = new AtomicLong();

  private final Heads heads;
  private int answers;

  AttentiveConnection(Http1Config config) {
    this(config, new Heads());
  }

  private AttentiveConnection(Http1Config config, Heads heads) {
    super("http-outgoing-" + COUNT.getAndIncrement(), null, null, config, null, null, null, heads);
    this.heads = heads;
  }

  /** TLS begins anew, and with it what a server may send by itself: tickets for a next session. */
  @Override
  public void bind(SocketHolder holder) throws IOException {
    super.bind(holder);
    heads.buffer = null;
  }

  /**
   * Whether something has come since the last answer's end. Does not wait. On a connection that had
   * no answer yet there is nothing to mistake.
   */
  boolean hasUnaskedInput() throws IOException {
    SessionInputBuffer buffer = heads.buffer;
    SocketHolder holder = getSocketHolder();
    return buffer != null
        && holder != null
        && (buffer.length() > 0
            || holder.getInputStream().available() > 0
            || (holder.getSSLSocket() != null
                && holder.getBaseSocket().getInputStream().available() > 0));
  }

  @Override
  public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
    answers = 0;
    super.sendRequestHeader(request);
  }

  @Override
  public ClassicHttpResponse receiveResponseHeader() throws HttpException, IOException {
    if (answers++ > MOST_INTERIM) {
      throw new ProtocolException("too many interim answers");
    }
    return super.receiveResponseHeader();
  }

  /** Keeps hold of the buffer that heads are read from: the library does not show it otherwise. */
  private static final class Heads implements HttpMessageParserFactory<ClassicHttpResponse> {
    private @Nullable SessionInputBuffer buffer;

    @Override
    @SuppressWarnings("deprecation") // deprecated, abstract, and what the library calls
    public HttpMessageParser<ClassicHttpResponse> create(Http1Config config) {
      HttpMessageParser<ClassicHttpResponse> parser =
          DefaultHttpResponseParserFactory.INSTANCE.create(config);
      return (SessionInputBuffer from, InputStream in) -> {
        buffer = from;
        return parser.parse(from, in);
      };
    }
  }
}
