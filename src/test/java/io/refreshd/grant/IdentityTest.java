package io.refreshd.grant;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {

  @ParameterizedTest
  @CsvSource(
      value = {
        "t1,   oid:a, t1,   oid:a, false",
        "t1,   oid:a, t2,   oid:a, true",
        "t1,   oid:a, t1,   oid:b, true",
        "t1,   oid:a, t1,   sub:b, false",
        "null, oid:a, t1,   oid:a, false",
        "null, oid:a, null, oid:b, true",
        "t1,   null,  t1,   oid:a, false",
        "t1,   null,  t2,   null,  true",
        "null, null,  t1,   oid:a, false",
        "t1,   a,     t1,   b,     true"
      },
      nullValues = "null")
  void onlyWhatBothKnowByTheSameClaimCanConflict(
      @Nullable String tenant,
      @Nullable String subject,
      @Nullable String otherTenant,
      @Nullable String otherSubject,
      boolean conflict) {
    Identity one = new Identity(tenant, subject);
    Identity other = new Identity(otherTenant, otherSubject);

    assertThat(one.conflictsWith(other)).isEqualTo(conflict);
    assertThat(other.conflictsWith(one)).isEqualTo(conflict);
  }

  @Test
  void whatOneDoesNotKnowIsTakenFromTheOther() {
    Identity tenant = new Identity("t1", null);
    Identity all = new Identity("t2", "oid:a");

    assertThat(tenant.or(all)).isEqualTo(new Identity("t1", "oid:a"));
    assertThat(all.or(tenant)).isEqualTo(all);
    assertThat(Identity.UNKNOWN.or(all)).isEqualTo(all);
  }
}
