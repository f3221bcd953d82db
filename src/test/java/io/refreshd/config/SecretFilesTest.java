package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that hold secrets, however they came to be. */
class SecretFilesTest {

  @TempDir private Path directory = Path.of("");
  private ConfigFolder folder = new ConfigFolder(directory);

  @BeforeEach
  void aGrantWithASecretFile() {
    folder = new ConfigFolder(directory);
    refer("file:secret");
  }

  private void refer(String reference) {
    folder.file(
        ConfigFolder.MAIN,
        """
        tenants:
          - name: t
            tenant-id: example.org
            client-id: c
            client-secret: REFERENCE
            scopes: [s]
            grants: [{ name: g }]
        """
            .replace("REFERENCE", reference));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uFEFFhush", "\uFEFFhush\n", "hush\r\n"})
  void whatAnEditorPutsAroundASecretIsNoPartOfIt(String text) throws ConfigException {
    folder.file("secret", text);

    assertThat(folder.load().grants().get(0).client().credential())
        .isEqualTo(new ClientSecret(Secret.of("hush")));
  }

  /** Nobody writes to it: to wait for that would hold up the start, and each reload. */
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeInPlaceOfASecretIsNotWaitedFor() throws Exception {
    new ProcessBuilder("mkfifo", folder.path("secret").toString()).start().waitFor();

    assertThat(folder.problems()).singleElement().asString().contains("is no regular file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/null", "/dev/zero"})
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the devices are Linux's")
  void aDeviceInPlaceOfASecretIsRefused(String path) {
    refer("file:" + path);

    assertThat(folder.problems())
        .singleElement()
        .asString()
        .contains("file:" + path + " is no regular file");
  }

  /** A pipe is empty when it is read again. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "/proc is Linux's")
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aSecretThatAShellHandsOverIsRefused() throws Exception {
    folder.file("secret", "hush");
    try (HandedOver pipe = HandedOver.of(folder.path("secret"))) {
      refer("file:" + pipe.path());

      assertThat(folder.problems()).singleElement().asString().contains("is no regular file");
    }
  }

  /** As by {@code refreshd check --config <(generate)}. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "/proc is Linux's")
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aConfigurationThatAShellHandsOverIsRead() throws Exception {
    folder.file("secret", "hush");
    refer("file:" + folder.path("secret"));
    try (HandedOver pipe = HandedOver.of(folder.path(ConfigFolder.MAIN))) {
      assertThat(folder.load(pipe.path(), References.RESOLVE).grants()).hasSize(1);
    }
  }

  /** A terminal, or a pipe that stays open, would be waited for. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "/proc is Linux's")
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aConfigurationFromStandardInputIsRefused() throws Exception {
    try (HandedOver pipe = HandedOver.of(folder.path(ConfigFolder.MAIN))) {
      Path input = pipe.path().resolveSibling("0");

      assertThatThrownBy(() -> folder.load(input, References.RESOLVE))
          .isInstanceOf(ConfigException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/null", "/dev/zero"})
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the devices are Linux's")
  void aDeviceInPlaceOfAConfigurationIsRefused(String path) {
    assertThatThrownBy(() -> folder.load(Path.of(path), References.RESOLVE))
        .isInstanceOf(ConfigException.class)
        .extracting(e -> ((ConfigException) e).problems().get(0).toString())
        .asString()
        .isEqualTo(path + ": is no regular file; would be one");
  }

  /** A file in a pipe, at a place that a shell would name. */
  private record HandedOver(ProcessHandle holder, Path path) implements AutoCloseable {

    static HandedOver of(Path file) throws IOException {
      String hold = "exec 9<&0; echo $$; exec sleep 60";
      Process process =
          new ProcessBuilder("sh", "-c", "cat \"$1\" | sh -c '" + hold + "'", "sh", file.toString())
              .start();
      try (BufferedReader told = process.inputReader(StandardCharsets.US_ASCII)) {
        long holder = Long.parseLong(String.valueOf(told.readLine()));
        return new HandedOver(
            ProcessHandle.of(holder).orElseThrow(), Path.of("/proc/" + holder + "/fd/9"));
      }
    }

    @Override
    public void close() {
      holder.destroy();
    }
  }
}
