package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NameSetTest {

  @Property(tries = 200)
  void itIsTheSetThatItWasMadeOfInItsOrder(
      @ForAll List<@AlphaChars @StringLength(max = 2) String> names, @ForAll String other) {
    Set<String> set = new LinkedHashSet<>(names);
    NameSet read = NameSet.read(NameSet.of(set).bytes());

    assertThat(read).containsExactlyElementsOf(set).isEqualTo(set).hasSameHashCodeAs(set);
    assertThat(set).isEqualTo(read);
    assertThat(read.contains(other)).isEqualTo(set.contains(other));
  }

  @Test
  void whatIsCutOffOrGoesOnIsNoSetOfNames() {
    byte[] whole = NameSet.of(Set.of("germany/live")).bytes();

    for (int length = 0; length < whole.length + 2; length++) {
      byte[] other = Arrays.copyOf(whole, length);
      if (length != whole.length) {
        assertThatThrownBy(() -> NameSet.read(other)).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }
}
