package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Concern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The concerns that a message has room for.
 *
 * @param shown from the first on
 * @param left how many have no room, or are not named at all
 */
record Fitting(List<Map<String, @Nullable Object>> shown, int left) {

  Fitting {
    shown = List.copyOf(shown);
  }

  /**
   * Takes an alert's concerns as long as they fit.
   *
   * @param part what a message has of a concern
   * @param most how many at most
   * @param bytes how long their JSON may be together
   */
  static Fitting of(
      Alert alert, Function<Concern, Map<String, @Nullable Object>> part, int most, int bytes) {
    List<Map<String, @Nullable Object>> shown = new ArrayList<>();
    List<Concern> concerns = alert.concerns();
    int room = bytes;
    for (Concern concern : concerns.subList(0, Math.min(most, concerns.size()))) {
      Map<String, @Nullable Object> next = part.apply(concern);
      room -= Json.bytes(next).length;
      if (room < 0) {
        break;
      }
      shown.add(next);
    }
    return new Fitting(shown, alert.all() - shown.size());
  }
}
