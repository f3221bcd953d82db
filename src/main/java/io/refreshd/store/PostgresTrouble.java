package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says in plain words what PostgreSQL could not do. (SQLSTATE codes:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html)
 */
final class PostgresTrouble {

  /** Serialization failure and deadlock: done anew it may well succeed. */
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

  /** By class: connection, resources, operator, system error, damage. */
  private static final Set<String> CLASSES_OF_THE_SERVER =
      Set.of("08", "28", "53", "57", "58", "XX");

  /** Unable to establish a connection. */
  private static final String NO_CONNECTION = "08001";

  /** Lock timeout. */
  private static final Set<String> STATES_OF_THE_SERVER = Set.of("55P03");

  /**
   * The server ends the connection: shutdown, crash of another backend, starting up, idle, a
   * transaction that takes too long. Or it is read-only: after a failover the next connection may
   * come to the primary, this one never does.
   */
  private static final Set<String> DISCONNECTED =
      Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "25006");

  /** What the driver says when it does not come to terms on TLS; it has no code for that. */
  private static final Pattern ENCRYPTION =
      Pattern.compile("ssl|certificate|hostnameverifier", Pattern.CASE_INSENSITIVE);

  /** What PgBouncer says of what it neither passes on nor was told to ignore. */
  private static final Pattern REFUSED_PARAMETER =
      Pattern.compile("unsupported startup parameter", Pattern.CASE_INSENSITIVE);

  /** As in "sun.security.provider.certpath.SunCertPathBuilderException: ". */
  private static final Pattern NAME_OF_A_CLASS =
      Pattern.compile("\\b(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:Exception|Error): ");

  private PostgresTrouble() {}

  static boolean isConflict(Throwable thrown) {
    return CONFLICTS.contains(stateOf(thrown)) || is(thrown, "40");
  }

  /** Whether the connection is of no use any more. */
  static boolean isDisconnected(Throwable thrown) {
    return is(thrown, "08") || DISCONNECTED.contains(stateOf(thrown));
  }

  /** Whether every other write would fail of it too. */
  static boolean isOfTheServer(Throwable thrown) {
    String state = stateOf(thrown);
    return STATES_OF_THE_SERVER.contains(state)
        || CONFLICTS.contains(state)
        || DISCONNECTED.contains(state)
        || CLASSES_OF_THE_SERVER.stream().anyMatch(state::startsWith);
  }

  private static boolean is(Throwable thrown, String classOfStates) {
    return stateOf(thrown).startsWith(classOfStates);
  }

  private static String stateOf(Throwable thrown) {
    return cause(thrown).map(PostgresTrouble::state).orElse("");
  }

  /** The pool has no state of its own for a connection that nobody refused and that never came. */
  private static @Nullable String state(SQLException e) {
    return e.getSQLState() == null && e instanceof SQLTransientConnectionException
        ? NO_CONNECTION
        : e.getSQLState();
  }

  /** What the driver said, whoever has wrapped it. */
  private static Optional<SQLException> cause(Throwable thrown) {
    Optional<SQLException> deepest = Optional.empty();
    int depth = 0;
    for (Throwable one = thrown; one != null && depth < 10; one = one.getCause(), depth++) {
      if (one instanceof SQLException e && state(e) != null) {
        deepest = Optional.of(e);
      }
    }
    return deepest;
  }

  /** The trouble with the store at the location. */
  static StoreException of(PostgresLocation location, Throwable thrown) {
    if (thrown instanceof StoreException known) {
      return known;
    }
    return cause(thrown)
        .map(e -> of(location, said(e), stateOf(e), thrown))
        .orElseGet(
            () -> new StoreException("the store " + location + " failed: " + thrown, thrown));
  }

  private static StoreException of(
      PostgresLocation location, String said, String state, Throwable e) {
    String store = "the store " + location;
    return switch (state) {
      case "08P01" ->
          unavailable(
              store
                  + (REFUSED_PARAMETER.matcher(said).find()
                      ? " is behind a pooler that refuses a parameter of the connection ("
                          + said
                          + "); leave currentSchema out of store.url, and let PgBouncer ignore"
                          + " extra_float_digits alone: see \"Behind PgBouncer\" in"
                          + " docs/operations.md"
                      : " does not speak as PostgreSQL does (" + said + ")"),
              e);
      case "25P03", "25P04" ->
          unavailable(
              store
                  + " has ended a transaction that took too long ("
                  + said
                  + "); was this machine suspended, or very busy?",
              e);
      case "08004", "28000" ->
          unavailable(
              store
                  + " does not let us in ("
                  + said
                  + "); check store.username, store.password, sslmode, and the server's"
                  + " pg_hba.conf",
              e);
      case "28P01" ->
          unavailable(
              store + " does not let us in (" + said + "); check store.username and store.password",
              e);
      case "3D000" ->
          unavailable(store + " does not exist on its server; make it: createdb NAME", e);
      case "3F000", "42P01" ->
          unavailable(
              store
                  + " has no tables of refreshd there ("
                  + said
                  + "); check currentSchema, and that the role may use that schema: see"
                  + " \"The roles\" in docs/operations.md",
              e);
      case "25006" ->
          unavailable(
              store
                  + " is read-only (a standby?); point store.url at the primary. if it is the"
                  + " primary, default_transaction_read_only is on, as some providers have it when"
                  + " the disk is full",
              e);
      case "40001", "40P01" ->
          unavailable(store + ": other daemons were in the way again and again (" + said + ")", e);
      case "42501" ->
          unavailable(
              store
                  + " refuses the role ("
                  + said
                  + "); tables are made and changed by their owner: see"
                  + " \"The roles\" in docs/operations.md",
              e);
      case "53100" -> unavailable(store + " cannot grow: no space left on its server's disk", e);
      case "53300" ->
          unavailable(
              store
                  + " takes no more connections ("
                  + said
                  + "); raise max_connections, or the role's CONNECTION LIMIT",
              e);
      case "55P03" ->
          unavailable(
              store
                  + " is locked by another session for too long; end that one, or let it finish if"
                  + " it is a vacuum or a dump (pg_stat_activity shows it)",
              e);
      case "57014" -> unavailable(store + " takes too long to answer (" + said + ")", e);
      case "XX001", "XX002" ->
          new StoreException.Damaged(
              store + " is damaged (" + said + "); restore it from a backup", e);
      default -> byClass(store, said, e, state);
    };
  }

  private static StoreException byClass(String store, String said, Throwable e, String state) {
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "08" ->
          unavailable(
              store
                  + " cannot be reached ("
                  + said
                  + "); check "
                  + (ENCRYPTION.matcher(said).find()
                      ? "sslmode and sslrootcert in store.url, and the server's certificate"
                      : "that its server runs and answers"),
              e);
      case "53" -> unavailable(store + ": its server is short of resources (" + said + ")", e);
      case "57" -> unavailable(store + ": its server is stopping or starting (" + said + ")", e);
      case "58" -> unavailable(store + ": its server's disk fails (" + said + ")", e);
      default -> new StoreException(store + " failed: " + said, e);
    };
  }

  /** The first line; where a wrapped failure says more, as with TLS, that one. */
  private static String said(SQLException e) {
    String message = withoutFullStop(String.valueOf(e.getMessage()));
    String why = e.getCause() == null ? null : e.getCause().getMessage();
    String all =
        why == null || message.contains(why) ? message : message + ": " + withoutFullStop(why);
    return NAME_OF_A_CLASS.matcher(all).replaceAll("");
  }

  private static String withoutFullStop(String text) {
    return text.lines().findFirst().orElse("").strip().replaceFirst("\\.$", "");
  }

  private static StoreException unavailable(String message, Throwable e) {
    return new StoreException.Unavailable(message, e);
  }
}
