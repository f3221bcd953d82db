package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

/** What becomes of a result that cannot be written. */
class StandardOutputTest {

  private static StandardOutput failing(String words, boolean hasReader) {
    OutputStream failing =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException(words);
          }
        };
    StandardOutput output = new StandardOutput(failing, () -> hasReader);
    assertThatThrownBy(() -> output.write(1)).isInstanceOf(IOException.class);
    return output;
  }

  @Test
  void aReaderThatHasGoneIsNoTroubleInWhateverLanguageTheSystemSaysSo() {
    assertThat(failing("Relais brisé (pipe)", true).trouble()).isEmpty();
    assertThat(failing("Broken pipe", false).trouble()).isEmpty();
  }

  @Test
  void aFullDiskIsToldInTheSystemsWords() {
    assertThat(failing("Aucun espace disponible", false).trouble())
        .contains("Aucun espace disponible");
  }
}
