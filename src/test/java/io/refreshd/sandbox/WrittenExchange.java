package io.refreshd.sandbox;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An exchange whose request is written down, and whose answer goes into memory. */
final class WrittenExchange extends HttpExchange {

  private final Headers request = new Headers();
  private final Headers response = new Headers();
  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
  private final String method;
  private final URI uri;
  private final InputStream body;
  private int status = -1;

  /**
   * A request.
   *
   * @param head {@code POST /path}, and the headers
   */
  WrittenExchange(List<String> head, String body) {
    String[] first = (head.isEmpty() ? "" : head.get(0)).split(" ", 2);
    this.method = first[0];
    this.uri = uri(first.length > 1 ? first[1] : "");
    this.body = new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1));
    head.stream().skip(1).forEach(this::addHeader);
  }

  /** As the JDK's server reads it; what it cannot read it refuses before we see it. */
  private static URI uri(String text) {
    try {
      URI uri = URI.create(text);
      return uri.getPath() == null ? URI.create("/") : uri;
    } catch (IllegalArgumentException e) {
      return URI.create("/");
    }
  }

  private void addHeader(String line) {
    int colon = line.indexOf(':');
    try {
      if (colon > 0) {
        request.add(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    } catch (IllegalArgumentException e) {
      // the JDK's server refuses it, too
    }
  }

  @Override
  public Headers getRequestHeaders() {
    return request;
  }

  @Override
  public Headers getResponseHeaders() {
    return response;
  }

  @Override
  public URI getRequestURI() {
    return uri;
  }

  @Override
  public String getRequestMethod() {
    return method;
  }

  @Override
  public InputStream getRequestBody() {
    return body;
  }

  @Override
  public OutputStream getResponseBody() {
    return answer;
  }

  @Override
  public void sendResponseHeaders(int code, long length) {
    status = code;
  }

  @Override
  public int getResponseCode() {
    return status;
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return getLocalAddress();
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return InetSocketAddress.createUnresolved("localhost", 80);
  }

  @Override
  public String getProtocol() {
    return "HTTP/1.1";
  }

  @Override
  public HttpContext getHttpContext() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object getAttribute(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAttribute(String name, Object value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setStreams(InputStream in, OutputStream out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public HttpPrincipal getPrincipal() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
