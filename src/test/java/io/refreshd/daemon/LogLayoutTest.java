package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.quartz.JobPersistenceException;

class LogLayoutTest {

  private final LoggerContext context = new LoggerContext();
  private final LogLayout layout = new LogLayout(LogLayout.Form.PRIORITY);

  private String line(String logger, String message, Throwable thrown) {
    return layout.doLayout(
        new LoggingEvent(
            "caller", context.getLogger(logger), Level.ERROR, message, thrown, new Object[0]));
  }

  @Test
  void whatALibrarySaysOfADatabaseThatIsAwayIsALineAndNoStackTrace() {
    Exception away =
        new JobPersistenceException(
            "Failed to obtain DB connection", new SQLException("Connection refused.\nsecond line"));

    assertThat(line("org.quartz.core.ErrorLogger", "while firing", away))
        .isEqualTo("<3>while firing: Connection refused.\n");
    assertThat(line("io.refreshd.schedule.SharedJobStore", "ClusterManager: error", away))
        .as("Quartz logs in the name of whoever extends its classes")
        .isEqualTo("<3>ClusterManager: error: Connection refused.\n");
  }

  @Test
  void aFaultOfTheProgramIsToldWithAllThatIsKnown() {
    assertThat(line("io.refreshd.daemon.Daemon", "fails", new IllegalStateException("why")))
        .startsWith("<3>fails\n<3>java.lang.IllegalStateException: why\n")
        .contains("\n<3>\tat io.refreshd.daemon.LogLayoutTest");
  }
}
