package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TroubleOfAllTest {

  /** A tenth of what a million is promised to get by with, and something for the JVM. */
  @Test
  @Timeout(120)
  void aTenthOfAMillionGrantsInTroubleFitsIntoATenthOfTheMemory()
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                TroubleOfAll.class.getName(),
                "100000")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("2 alerts of 4 causes").contains("0 alerts of 4 causes");
  }
}
