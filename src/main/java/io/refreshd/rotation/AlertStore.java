package io.refreshd.rotation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The port to where it is kept what people were told, and what is on its way to them. Safe for use
 * by many threads. Every method throws {@link StoreException} if the store cannot do what is asked;
 * those that write entries into the rotation log return them.
 */
public interface AlertStore {

  /** What people were told and is remembered, in no order. */
  List<OpenAlert> open();

  /**
   * Writes what a look came to, if nobody else has changed what is remembered since the page was
   * compared with it: so one cause is told once, however many daemons look. Writes it with one
   * delivery for each alert and channel, in one durable transaction. A recovery goes to the
   * channels of other daemons, too, through which the trouble was told. What became stale by that
   * is dropped, see {@link Outbox#stale}; beyond {@link Outbox#LIMIT} the oldest deliveries are.
   *
   * @param page what is told and remembered; it replaces what was remembered
   * @param channels through which it is told
   * @param at the instant of the look
   * @return empty if somebody else was first, or is at it just now, and nothing is written
   */
  Optional<List<Entry>> commit(AlertBook.Page page, List<String> channels, Instant at);

  /**
   * Takes the oldest delivery of a channel that is due. Nobody else gets it before that time, or
   * before its outcome is written; nor does anybody get a newer one of the same cause meanwhile, so
   * that people are told in order.
   */
  Optional<Delivery> take(String channel, Instant now, Instant until);

  /** Writes that a delivery arrived. */
  List<Entry> delivered(Delivery delivery, Instant at);

  /**
   * Writes that a delivery did not arrive as far as one can tell: it waits for its next attempt, or
   * is given up.
   *
   * @param mayHaveArrived whether people may know of it all the same; then its recovery is told
   */
  List<Entry> failed(Delivery delivery, String why, boolean mayHaveArrived, Instant at);

  /**
   * Drops what is on its way through any other channel: the configuration has it no more. Where
   * other daemons share the store it may be one of theirs: there only what {@linkplain
   * Outbox#isOverdue nobody tries any more}.
   */
  List<Entry> retain(List<String> channels, Instant at);
}
