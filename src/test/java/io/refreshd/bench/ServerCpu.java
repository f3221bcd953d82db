package io.refreshd.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** The CPU of a PostgreSQL server, as far as its processes are on this machine. */
final class ServerCpu {

  private ServerCpu() {}

  /** Of the processes that are there now. */
  static Duration of(String url) throws SQLException {
    Duration sum = Duration.ZERO;
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")) {
      while (rows.next()) {
        sum = sum.plus(ofProcess(rows.getLong(1)));
      }
    }
    return sum;
  }

  private static Duration ofProcess(long process) {
    return ProcessHandle.of(process)
        .map(ProcessHandle::info)
        .filter(info -> info.command().orElse("").endsWith("postgres"))
        .flatMap(ProcessHandle.Info::totalCpuDuration)
        .orElse(Duration.ZERO);
  }
}
