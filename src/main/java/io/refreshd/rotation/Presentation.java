package io.refreshd.rotation;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.rotation.Redemption.Refused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token that was presented, and how that ended.
 *
 * @param by the grant, with the credential that its client proved itself by
 * @param generation whose token
 * @param redemption as it is understood for the grant
 */
record Presentation(Grant by, Generation generation, Redemption redemption) {

  /** The refusal; {@code null} if there is a new token. */
  @Nullable Refused refusal() {
    return redemption instanceof Refused refused ? refused : null;
  }

  /** Whether it is the client's credential that was refused, and not the token. */
  boolean isCredentialRefused() {
    Refused refused = refusal();
    return refused != null && refused.reach() == Reach.CREDENTIAL;
  }

  /** What the attempt says of the grant: how the current generation fared, with the last try. */
  static Refused decisive(List<Presentation> tries) {
    Generation current = tries.get(0).generation();
    return tries.stream()
        .filter(tried -> tried.generation().equals(current))
        .map(Presentation::refusal)
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }
}
