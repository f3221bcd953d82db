package io.refreshd.daemon;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Binds SLF4J to Logback without Logback's search for a configuration and its account of that: they
 * take a tenth of a short command.
 */
public final class LogBinding implements SLF4JServiceProvider {

  /** The property by which SLF4J takes a provider without looking for one. */
  private static final String PROPERTY = "slf4j.provider";

  /** It would say each time that it did so. */
  private static final String VERBOSITY = "slf4j.internal.verbosity";

  private static final String API = "2.0.99";

  private final LoggerContext context = new LoggerContext();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();

  /** SLF4J makes it. */
  public LogBinding() {
    // nothing is set up until it is asked for
  }

  /** From the first line on; to be called before there is a logger. */
  public static void use() {
    System.setProperty(VERBOSITY, "WARN");
    System.setProperty(PROPERTY, LogBinding.class.getName());
  }

  @Override
  public void initialize() {
    context.setMDCAdapter(mdc);
    Logs.toStandardError(context);
    context.start();
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return context;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return mdc;
  }

  @Override
  public String getRequestedApiVersion() {
    return API;
  }
}
