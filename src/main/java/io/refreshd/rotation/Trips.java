package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Redemption.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Which circuits an attempt opens, or keeps open. Pure. */
final class Trips {

  private final RotationPolicy policy;

  Trips(RotationPolicy policy) {
    this.policy = policy;
  }

  /** Those of a failed attempt: what is not the fault of the token. */
  List<Circuit> opened(
      Grant grant, GrantRecord record, Circuits circuits, List<Presentation> tries, Instant now) {
    List<Circuit> opened = new ArrayList<>();
    for (Presentation tried : tries) {
      Refused refused = tried.refusal();
      if (refused != null && opensCircuit(refused)) {
        Grant of = refused.reach() == Reach.CREDENTIAL ? tried.by() : grant;
        Standing standing = circuits.standing(of, refused.reach()).failed(refused, now);
        opened.add(
            new Circuit(
                CircuitKeys.of(of, refused.reach()),
                refused.reach(),
                standing,
                policy.afterFailure(grant, record, standing, refused.retryAfter(), now)));
      }
    }
    return opened;
  }

  private static boolean opensCircuit(Refused refused) {
    return refused.kind() == RefusalKind.CONFIGURATION
        || (refused.kind() == RefusalKind.THROTTLED && refused.reach() == Reach.RATE);
  }

  /** Those of credentials that were refused where another one worked: that needs no retry. */
  static List<Circuit> refusedCredentials(Circuits circuits, List<Presentation> tries) {
    List<Circuit> opened = new ArrayList<>();
    for (Presentation tried : tries) {
      Refused refused = tried.refusal();
      if (refused != null && tried.isCredentialRefused()) {
        Instant at = refused.exchange().sentAt();
        Standing before = circuits.standing(tried.by(), Reach.CREDENTIAL);
        opened.add(
            new Circuit(
                CircuitKeys.of(tried.by(), Reach.CREDENTIAL),
                Reach.CREDENTIAL,
                before.failed(refused, at).confirmed(),
                at.plus(RetryTable.LONGEST)));
      }
    }
    return opened;
  }
}
