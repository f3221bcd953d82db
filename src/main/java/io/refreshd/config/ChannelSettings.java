package io.refreshd.config;

import io.refreshd.grant.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way to tell people. */
public sealed interface ChannelSettings {

  /** What people call it; unique. */
  String name();

  /**
   * A request to a URL.
   *
   * @param uri https, or http to a loopback host; whoever knows it may write there, so it is not
   *     printed
   * @param token sent as a bearer token; {@code null} if the URL alone will do
   */
  record Webhook(String name, URI uri, Format format, @Nullable Secret token)
      implements ChannelSettings {

    @Override
    public String toString() {
      return "Webhook(" + name + ", " + format + " at " + uri.getHost() + ")";
    }
  }

  /** What the body of a webhook's request looks like. */
  enum Format {
    GENERIC,
    SLACK,
    TEAMS,
    ALERTMANAGER
  }

  /**
   * An e-mail.
   *
   * @param smtp {@code smtp://HOST:PORT} or {@code smtps://HOST:PORT}, always with the port
   * @param to never empty
   * @param username {@code null} if the server asks for none; then there is no password either
   */
  record Mail(
      String name,
      URI smtp,
      String from,
      List<String> to,
      @Nullable String username,
      @Nullable Secret password)
      implements ChannelSettings {

    public Mail {
      to = List.copyOf(to);
    }
  }

  /**
   * A program that is run.
   *
   * @param argv the program's absolute path, then its arguments
   * @param timeout after which it is ended
   */
  record Command(String name, List<String> argv, Duration timeout) implements ChannelSettings {

    public Command {
      argv = List.copyOf(argv);
    }
  }
}
