package io.refreshd.store;

import io.refreshd.grant.Selector;
import io.refreshd.rotation.LogQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the database leaves out of a page of the rotation log, so that the entries of a large fleet
 * are not all read for those of one grant. It only narrows: patterns are left to {@link
 * LogQuery#matches}.
 *
 * @param conditions to be added to a statement that has some
 * @param values of their parameters, by name
 */
record LogFilter(String conditions, Map<String, String> values) {

  /** A database bounds the parameters of a statement; so many grants are not typed either. */
  private static final int MOST_SELECTORS = 100;

  LogFilter {
    values = Map.copyOf(values);
  }

  static LogFilter of(LogQuery query) {
    Map<String, String> values = new LinkedHashMap<>();
    String failed = query.failedOnly() ? Sql.AND_FAILED : "";
    List<Selector> selectors = query.selectors();
    boolean isNarrow =
        !selectors.isEmpty()
            && selectors.size() <= MOST_SELECTORS
            && selectors.stream().allMatch(Selector::isLiteral);
    return new LogFilter(failed + (isNarrow ? andGrants(selectors, values) : ""), values);
  }

  private static String andGrants(List<Selector> selectors, Map<String, String> values) {
    List<String> grants = new ArrayList<>();
    for (Selector selector : selectors) {
      String tenant = "tenant" + grants.size();
      String name = "name" + grants.size();
      values.put(tenant, selector.tenant());
      selector.name().ifPresent(given -> values.put(name, given));
      grants.add(
          values.containsKey(name)
              ? "tenant = :" + tenant + " AND name = :" + name
              : "tenant = :" + tenant);
    }
    return "  AND (" + String.join(" OR ", grants) + ")\n";
  }
}
