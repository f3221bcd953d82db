package io.refreshd.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;

/** A log line. Every line of it carries its priority, as sd-daemon(3) asks for. */
final class LogLayout extends LayoutBase<ILoggingEvent> {

  /** What stands before the message. */
  enum Form {
    /** {@code warning: …}: for people, beside a result. */
    PLAIN,
    /** {@code 2026-11-22T08:00:00Z info …}: for people. */
    TIMED,
    /** {@code <6>…}: for the journal, which knows the time. */
    PRIORITY,
    /** {@code <6>2026-11-22T08:00:00Z …}: for a pipe or a file. */
    PRIORITY_TIMED
  }

  private final Form form;

  LogLayout(Form form) {
    this.form = form;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    String prefix = prefix(event);
    String text = event.getFormattedMessage();
    if (event.getThrowableProxy() != null) {
      text += "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
    }
    return text.strip().lines().map(line -> prefix + line + "\n").collect(Collectors.joining());
  }

  private String prefix(ILoggingEvent event) {
    String time = Instant.ofEpochMilli(event.getTimeStamp()) + " ";
    return switch (form) {
      case PLAIN -> word(event.getLevel()) + ": ";
      case TIMED -> time + word(event.getLevel()) + " ";
      case PRIORITY -> "<" + priority(event.getLevel()) + ">";
      case PRIORITY_TIMED -> "<" + priority(event.getLevel()) + ">" + time;
    };
  }

  private static String word(Level level) {
    return level == Level.WARN ? "warning" : level.toString().toLowerCase(Locale.ROOT);
  }

  /** The syslog number of a level. */
  private static int priority(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> 3;
      case Level.WARN_INT -> 4;
      case Level.INFO_INT -> 6;
      default -> 7;
    };
  }
}
