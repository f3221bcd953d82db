package io.refreshd.simulation;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.GrantStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Looks at how grants stand and says what people are told. It is asked within a minute after the
 * state of a grant has changed, once an hour while one is not healthy or not {@code ok}, and when
 * the first deadline comes near; else not at all, for nothing has changed. It may remember what it
 * has said.
 */
public interface Watch {

  /** How long before a deadline there is something to say for the first time. */
  Duration notice();

  /** What people are told now, in order. */
  List<Alert> look(List<Standing> grants, Instant now);

  /**
   * A grant and how it stands.
   *
   * @param status which names the circuit that holds the grant, if one does
   */
  record Standing(Grant grant, GrantStatus status) {}
}
