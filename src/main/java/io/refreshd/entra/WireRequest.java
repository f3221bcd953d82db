package io.refreshd.entra;

import java.net.URI;
import java.util.Map;

/**
 * A form to post.
 *
 * @param form to send; it can be wiped afterwards
 * @param freshConnection whether a kept connection must not be used: one that the server has closed
 *     in the meantime looks like a lost answer
 */
record WireRequest(URI uri, Map<String, String> headers, TokenForm form, boolean freshConnection) {

  /** {@code host:port}, for messages. */
  String endpoint() {
    int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    return uri.getHost() + ":" + port;
  }

  /** Never shows the form: it holds the token. */
  @Override
  public String toString() {
    return "POST " + uri;
  }
}
