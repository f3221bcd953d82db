package io.refreshd.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.util.List;
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

  private static final String OURS = "io.refreshd.";
  private static final List<String> THEIRS = List.of("org.quartz.", "java.sql.", "org.postgresql.");
  private static final int MOST_CAUSES = 20;

  private final Form form;

  LogLayout(Form form) {
    this.form = form;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    String prefix = prefix(event);
    String text = event.getFormattedMessage();
    if (event.getThrowableProxy() != null) {
      text += thrown(event.getLoggerName(), event.getThrowableProxy());
    }
    return text.strip().lines().map(line -> prefix + line + "\n").collect(Collectors.joining());
  }

  /**
   * Where the fault may be this program's, all that is known. A library tells of a failure that is
   * dealt with elsewhere, Quartz of a database that is away some hundred lines a minute (also in
   * the name of a class of ours that extends its own): what its innermost cause says is enough.
   */
  private static String thrown(String logger, IThrowableProxy thrown) {
    if (logger.startsWith(OURS) && THEIRS.stream().noneMatch(thrown.getClassName()::startsWith)) {
      return "\n" + ThrowableProxyUtil.asString(thrown);
    }
    IThrowableProxy cause = thrown;
    for (int depth = 0; cause.getCause() != null && depth < MOST_CAUSES; depth++) {
      cause = cause.getCause();
    }
    String why = cause.getMessage() == null ? cause.getClassName() : cause.getMessage();
    return ": " + why.lines().findFirst().orElse("");
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
