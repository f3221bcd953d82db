package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a configuration takes for a mail address, and what can be made into a mail's. */
class MailAddressTest {

  private static final Pattern FORM =
      Pattern.compile(String.valueOf(AlertValues.ADDRESS.pattern()));

  @Test
  void whatCheckTakesIsNoAddressThatStopsTheDaemonAtItsStart() {
    List<String> addresses = new ArrayList<>();
    for (String local : texts("a.'-_", 5)) {
      addresses.add(local + "@b.test");
    }
    for (String domain : texts("b1.-", 6)) {
      addresses.add("a@" + domain);
    }
    for (char c = 0; c < 0x180; c++) {
      addresses.addAll(List.of(c + "@b", "a" + c + "@b", c + "a@b", "a@" + c, "a@b" + c + "d"));
    }
    for (int length = 60; length < 70; length++) {
      addresses.addAll(List.of("a".repeat(length) + "@b", "a@" + "b".repeat(length) + ".test"));
    }

    assertThat(addresses.stream().filter(address -> FORM.matcher(address).matches()))
        .hasSizeGreaterThan(1_000)
        .allSatisfy(MailAddressTest::isAddress);
  }

  @Test
  void aDotIsBetweenTwoOthersOnly() {
    assertThat("first.last@b.test").matches(FORM);
    assertThat("a.b.c@b.test").matches(FORM);
    assertThat(".a@b.test").doesNotMatch(FORM);
    assertThat("a.@b.test").doesNotMatch(FORM);
    assertThat("a..b@b.test").doesNotMatch(FORM);
    assertThat("a".repeat(64) + "@b.test").matches(FORM);
    assertThat("a".repeat(32) + "." + "a".repeat(32) + "@b.test").doesNotMatch(FORM);
  }

  private static void isAddress(String text) {
    try {
      assertThat(new InternetAddress(text, true).getAddress()).isEqualTo(text);
    } catch (AddressException e) {
      throw new AssertionError(text + " is taken, and is no address", e);
    }
  }

  /** All texts of these characters. */
  private static List<String> texts(String characters, int longest) {
    List<String> texts = new ArrayList<>();
    List<String> last = List.of("");
    for (int length = 1; length <= longest; length++) {
      List<String> longer = new ArrayList<>();
      for (String text : last) {
        characters.chars().forEach(c -> longer.add(text + (char) c));
      }
      texts.addAll(longer);
      last = longer;
    }
    return texts;
  }
}
