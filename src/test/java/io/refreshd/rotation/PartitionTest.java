package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionTest {

  /** Daemons of any version must agree, and the index in PostgreSQL: {@code sha256sum} says so. */
  @ParameterizedTest
  @CsvSource({"germany, 50", "france, 44", "contoso, 17", "münchen, 55", "x, 45"})
  void aTenantStaysInItsPartition(String tenant, int number) {
    assertThat(Partition.of(tenant, 64)).isEqualTo(new Partition(number, 64));
  }

  @Property
  void everyTenantIsInExactlyOneOfThem(
      @ForAll String tenant, @ForAll @IntRange(min = 0, max = 8) int power) {
    List<Partition> all = Partition.all(1 << power);

    assertThat(all).hasSize(1 << power);
    assertThat(all.stream().filter(partition -> partition.has(tenant)))
        .containsExactly(Partition.of(tenant, 1 << power));
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "0, 0", "0, 512", "-1, 64", "64, 64"})
  void whatIsNoShareIsRefused(int number, int of) {
    assertThatThrownBy(() -> new Partition(number, of))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no partition: " + number + " of " + of);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "63, 64", "255, 256"})
  void aShareIsAShare(int number, int of) {
    assertThat(new Partition(number, of).of()).isEqualTo(of);
  }
}
