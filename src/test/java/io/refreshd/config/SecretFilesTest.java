package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Secret;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

  /** As process substitution gives it: {@code /dev/fd/63}. */
  @Test
  void whatTheSystemHandsOverAsADeviceIsRead() {
    refer("file:/dev/null");

    assertThat(folder.problems()).singleElement().asString().contains("file:/dev/null is empty");
  }
}
