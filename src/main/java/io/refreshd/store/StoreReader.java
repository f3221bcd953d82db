package io.refreshd.store;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.Node;
import io.refreshd.rotation.OpenAlert;
import io.refreshd.rotation.Partition;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoredGrant;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that is read. */
final class StoreReader implements LogEnd {

  private static final Logger LOG = LoggerFactory.getLogger(StoreReader.class);
  private static final int PAGE = 1_000;
  private static final int NAMES = 10_000;

  private final Database database;
  private final Clock clock;
  private final Predicate<String> isOfTheDead;
  private final Sealing sealing;

  StoreReader(Database database, KeyFile keyFile, Clock clock) {
    this(database, keyFile, clock, lease -> false);
  }

  /**
   * A reader that sees at once whose token was presented by a process that died.
   *
   * @param isOfTheDead whether the lease of that id is of a process that is known to be dead
   */
  StoreReader(Database database, KeyFile keyFile, Clock clock, Predicate<String> isOfTheDead) {
    this.database = database;
    this.clock = clock;
    this.isOfTheDead = isOfTheDead;
    this.sealing = new Sealing(keyFile, database.isShared(), this::findStoreKey);
  }

  Sealing sealing() {
    return sealing;
  }

  KnownHead knownHead() {
    return database.knownHead();
  }

  /** The version of the schema that the store has; 0 if it has none. */
  int schemaVersion() {
    return read(Migrations::version);
  }

  Optional<StoreKey> findStoreKey() {
    return read(StoreKey::find);
  }

  Optional<StoredGrant> find(GrantName grant) {
    return read(on ->
            on.first(Sql.FIND_WITH_TOKEN, SealedGrant::read, now(), grant.tenant(), grant.name()))
        .map(
            found -> {
              GrantRecord record = found.record();
              return new StoredGrant(record, found.open(sealing), () -> findPrevious(record));
            });
  }

  /** A grant that was read, whose tokens are opened when somebody asks for them. */
  StoredGrant unopened(SealedGrant found) {
    GrantRecord record = found.record();
    return new StoredGrant(record, () -> found.open(sealing), () -> findPrevious(record));
  }

  /** A previous generation that cannot be had must not keep the current one from being rotated. */
  private @Nullable Generation findPrevious(GrantRecord record) {
    GrantName grant = record.name();
    try {
      return read(on ->
              on.first(
                  Sql.FIND_PREVIOUS,
                  SealedGrant.SealedGeneration::read,
                  grant.tenant(),
                  grant.name(),
                  record.generation()))
          .map(found -> found.open(grant, sealing))
          .orElse(null);
    } catch (StoreException.Damaged e) {
      LOG.error("{} (this is the previous generation; the current one is well)", e.getMessage());
    } catch (StoreException e) {
      LOG.error("{}: its previous generation cannot be read: {}", grant, e.getMessage());
    }
    return null;
  }

  Optional<GrantRecord> findRecord(GrantName grant) {
    return read(on -> on.first(Sql.FIND_RECORD, this::record, now(), grant.tenant(), grant.name()));
  }

  /** So many in a statement at a time: a database bounds the values that one may have. */
  List<GrantRecord> records(List<GrantName> grants) {
    List<GrantRecord> records = new ArrayList<>();
    for (int from = 0; from < grants.size(); from += PAGE) {
      records.addAll(someRecords(grants.subList(from, Math.min(grants.size(), from + PAGE))));
    }
    return records;
  }

  private List<GrantRecord> someRecords(List<GrantName> grants) {
    List<Object> values = new ArrayList<>(List.of(now()));
    addNames(values, grants);
    return read(on -> on.list(Sql.findRecords(grants.size()), this::record, values.toArray()));
  }

  private static void addNames(List<Object> values, List<GrantName> grants) {
    for (GrantName grant : grants) {
      values.addAll(List.of(grant.tenant(), grant.name()));
    }
  }

  /** In pages, as {@link #records(List)}; the tokens of a page are let go before the next. */
  Set<GrantName> damaged(List<GrantName> grants) {
    Set<GrantName> damaged = new HashSet<>();
    for (int from = 0; from < grants.size(); from += PAGE) {
      sealed(grants.subList(from, Math.min(grants.size(), from + PAGE))).stream()
          .filter(tokens -> !sealing.opens(tokens.grant(), tokens.number(), tokens.token()))
          .forEach(tokens -> damaged.add(tokens.grant()));
    }
    return damaged;
  }

  private List<SealedTokens> sealed(List<GrantName> grants) {
    List<Object> values = new ArrayList<>();
    addNames(values, grants);
    return read(on -> on.list(Sql.findSealed(grants.size()), SealedTokens::read, values.toArray()));
  }

  /**
   * The lease that somebody holds, or held when it died.
   *
   * @param now by the clock of the one who asks
   */
  Optional<FoundLease> findLease(GrantName grant, Instant now) {
    return read(
        on ->
            on.first(
                on.sql().findLease(),
                row ->
                    new FoundLease(
                        new Lease(grant, row.text(), row.instant()),
                        Micros.duration(row.number()),
                        row.findDuration()),
                Micros.of(now),
                grant.tenant(),
                grant.name()));
  }

  /** The daemons that share the store, by name; none where only one can. */
  List<Node> nodes() {
    return read(
        on -> {
          Optional<String> query = on.sql().nodes();
          return query.isEmpty() ? List.of() : on.list(query.get(), StoreReader::node);
        });
  }

  private static Node node(Columns row) throws SQLException {
    String owner = row.text();
    return new Node(
        Ownership.node(owner).orElse(owner),
        row.text(),
        row.integer(),
        Micros.duration(row.number()),
        row.instant(),
        row.instant(),
        Micros.duration(row.number()));
  }

  /** What time it is for all who share the store. */
  Instant now(Instant ours) {
    return database.now(ours);
  }

  List<GrantRecord> records(@Nullable GrantName after, int limit) {
    return read(
        on ->
            on.list(
                Sql.RECORDS_AFTER,
                this::record,
                now(),
                after == null ? "" : after.tenant(),
                after == null ? "" : after.name(),
                limit));
  }

  /** In pages: what reads them may write in between, and they do not stand in memory as a whole. */
  void readRecords(Consumer<GrantRecord> reader) {
    GrantName last = null;
    List<GrantRecord> page;
    do {
      page = records(last, PAGE);
      page.forEach(reader);
      last = page.isEmpty() ? last : page.get(page.size() - 1).name();
    } while (page.size() == PAGE);
  }

  void readNames(Consumer<GrantName> reader) {
    GrantName last = null;
    List<GrantName> page;
    do {
      page = names(last);
      page.forEach(reader);
      last = page.isEmpty() ? null : page.get(page.size() - 1);
    } while (page.size() == NAMES);
  }

  private List<GrantName> names(@Nullable GrantName after) {
    return read(
        on ->
            on.list(
                Sql.NAMES_AFTER,
                Columns::name,
                after == null ? "" : after.tenant(),
                after == null ? "" : after.name(),
                NAMES));
  }

  List<Partition> partitions() {
    return database.partitions();
  }

  /** In pages, so that many that are due at once do not stand in memory as a whole. */
  void readDue(Partition partition, Instant now, Consumer<GrantRecord> reader) {
    GrantRecord last = null;
    List<GrantRecord> page;
    do {
      page = due(partition, Micros.of(now), last);
      page.forEach(reader);
      last = page.isEmpty() ? last : page.get(page.size() - 1);
    } while (page.size() == PAGE);
  }

  private List<GrantRecord> due(Partition partition, long now, @Nullable GrantRecord last) {
    return read(
        on ->
            on.list(
                on.sql().due(),
                this::record,
                now(),
                partition.number(),
                now,
                last == null ? Long.MIN_VALUE : Micros.of(last.nextAttemptAt()),
                last == null ? "" : last.name().tenant(),
                last == null ? "" : last.name().name(),
                PAGE));
  }

  Optional<Instant> findNextAttempt(Partition partition, Instant after) {
    return read(
        on ->
            on.first(
                on.sql().nextAttempt(), Columns::instant, partition.number(), Micros.of(after)));
  }

  List<Circuit> circuits() {
    return read(on -> on.list(Sql.CIRCUITS, CircuitRows::circuit));
  }

  /** Mostly none is open, and the grants need not be looked at. */
  Circuits circuitsOf(Collection<Grant> grants) {
    return read(
        on -> CircuitRows.isAnyOpen(on) ? Circuits.of(CircuitRows.of(on, grants)) : Circuits.NONE);
  }

  List<OpenAlert> openAlerts() {
    return read(on -> on.list(Sql.OPEN_ALERTS, AlertRows::open));
  }

  boolean isDeliveryDue(String channel, Instant now) {
    return read(on -> on.first(Sql.DUE_DELIVERY, row -> true, DeliveryRows.whatIsDue(channel, now)))
        .isPresent();
  }

  long read(LogQuery query, Consumer<LoggedEntry> reader) {
    return new LogPages(query, PAGE, new LoggedRows(query, PAGE, this::read)).read(reader);
  }

  Optional<LoggedEntry> findNewest(Event event, Predicate<Entry> isIt) {
    LogQuery query = new LogQuery(0, List.of(), null, null, event, false, 1);
    return new LogPages(query, PAGE, new LoggedRows(query, PAGE, this::read)).findNewest(isIt);
  }

  @Override
  public Optional<LogHead> findLogHead() {
    return read(on -> on.first(Sql.LAST_LOGGED, LogHead::read));
  }

  @Override
  public boolean isLogged(LogHead head) {
    return read(head::isIn);
  }

  /** One page of the rotation log, as its bytes stand. */
  List<ChainRun.Row> rows(long above, int size) {
    return read(on -> on.list(Sql.LOGGED_AFTER, RotationLog::row, above, size));
  }

  private GrantRecord record(Columns row) throws SQLException {
    return GrantRows.record(row, isOfTheDead);
  }

  private long now() {
    return Micros.of(database.now(clock.instant()));
  }

  private <T> T read(Database.Read<T> read) {
    try {
      return database.read(read);
    } catch (SQLException | RuntimeException e) {
      throw database.trouble(e);
    }
  }

  void waitNoLonger() {
    database.waitNoLonger();
  }

  void close() throws SQLException {
    database.close();
  }
}
