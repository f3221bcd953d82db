package io.refreshd.store;

import io.refreshd.rotation.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a daemon does to share a store with others. */
public interface Cluster {

  /**
   * What a node learns when it says that it is there.
   *
   * @param self this node
   * @param nodes all of them, by name; some may be dead
   * @param schema of the store: a newer program may have changed it since this one began
   * @param known the newest schema that this program knows
   */
  record Beat(Node self, List<Node> nodes, int schema, int known) {
    public Beat {
      nodes = List.copyOf(nodes);
    }
  }

  /** The name of this daemon as a node. */
  String node();

  /** The name by which Quartz finds the connections to its own tables. */
  String connections();

  /**
   * Says that this node is there, and reads who else is.
   *
   * @throws io.refreshd.rotation.StoreException if the store cannot be reached
   */
  Beat beat();

  /**
   * From now on no grant is leased here, for this reason.
   *
   * @param reason {@code null}: they are again
   */
  void standBack(@Nullable String reason);

  /** This node goes, in good order. */
  void leave();
}
