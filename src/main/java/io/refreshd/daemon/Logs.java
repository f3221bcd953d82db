package io.refreshd.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go: the daemon's to standard output, where the journal reads them; those of other
 * commands, warnings and errors only, to standard error. Set up in code: it is small, and an XML
 * parser would cost every command a tenth of a second.
 */
public final class Logs extends ContextAwareBase implements Configurator {

  /** Their lines can hold bodies, tokens included. */
  private static final List<String> NEVER =
      List.of("com.microsoft.aad.msal4j", "org.apache.hc.client5.http.wire");

  /** What they warn of, with a stack trace, is said by who meets it. */
  private static final List<String> TALKATIVE = List.of("com.zaxxer.hikari");

  /** Called by Logback before the first line; found by its service file. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    context.reset();
    toStandardError(context);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** For all other commands. */
  static void toStandardError(LoggerContext context) {
    set(context, standard(context, "System.err", new LogLayout(LogLayout.Form.PLAIN)), Level.WARN);
  }

  /** For the daemon. */
  public static void toStandardOutput(Map<String, String> environment, boolean terminal) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      LogLayout.Form form = terminal ? LogLayout.Form.TIMED : LogLayout.Form.PRIORITY_TIMED;
      boolean journal = !environment.getOrDefault("JOURNAL_STREAM", "").isEmpty();
      context.reset();
      LogLayout layout = new LogLayout(journal ? LogLayout.Form.PRIORITY : form);
      UnblockedLog unblocked = new UnblockedLog(context, standard(context, "System.out", layout));
      unblocked.start();
      set(context, unblocked, Level.INFO);
    }
  }

  /** Writes what was logged and is not written yet, unless nobody reads it. Nothing follows it. */
  static void end() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).detachAndStopAllAppenders();
    }
  }

  private static ConsoleAppender<ILoggingEvent> standard(
      LoggerContext context, String target, Layout<ILoggingEvent> layout) {
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget(target);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static void set(LoggerContext context, Appender<ILoggingEvent> appender, Level level) {
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    context.getLogger("io.refreshd").setLevel(level);
    NEVER.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
    TALKATIVE.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
  }
}
