package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Entry.Refusal;
import io.refreshd.rotation.Reach;
import io.refreshd.testing.EntraErrors;
import io.refreshd.testing.MarkdownTable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of codes in {@code docs/errors.md} say what the program does. */
class ErrorGuideCodesTest {

  private static final Pattern CODE = Pattern.compile("(?:AADB2C)?[1-9][0-9]{4,}");

  @Test
  void theTableOfReachesIsWhole() {
    List<List<String>> table = MarkdownTable.rows("errors.md", "reach");

    assertThat(table.stream().map(row -> row.get(0)))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Reach.values()).map(Reach::word).toList());
    for (List<String> row : table) {
      Reach reach = Reach.valueOf(row.get(0).toUpperCase(Locale.ROOT));
      Set<String> told = codes(row.get(1));
      assertThat(told)
          .as(row.get(0))
          .isEqualTo(reach == Reach.GRANT ? Reaches.PATIENCE_OF_ONE : reached(reach));
    }
  }

  @Test
  void theTableOfWhatIsLearnedIsWhole() {
    Map<String, String> told = new TreeMap<>();
    for (List<String> row : MarkdownTable.rows("errors.md", "code | clock")) {
      codes(row.get(0)).forEach(code -> told.put(code, row.get(1)));
    }
    Map<String, String> read = new TreeMap<>();
    ClockText.CLOCKS.forEach(
        (code, clock) -> read.put(code, clock.name().toLowerCase(Locale.ROOT).replace('_', '-')));

    assertThat(told).isEqualTo(read);
  }

  private static Set<String> reached(Reach reach) {
    return Stream.concat(EntraErrors.table().stream(), EntraErrors.tableOfB2c().stream())
        .filter(row -> Reaches.of(new Refusal(row.kind(), "x", row.code(), null)) == reach)
        .map(EntraErrors.Row::code)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> codes(String cell) {
    return CODE.matcher(cell)
        .results()
        .map((MatchResult match) -> match.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
