package io.refreshd.store;

import io.refreshd.rotation.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A daemon of this machine that is at work on a store with files in another folder than the one
 * looked in: what it keeps beside the store is not seen there.
 *
 * @param node the daemon
 * @param folder that was looked in
 */
public record DaemonElsewhere(String node, Path folder) {

  /**
   * Looks for one. Daemons of one machine with a folder each are fine: whoever looks in the folder
   * of one that runs, looks in the right one.
   *
   * @param nodes that share the store
   */
  public static Optional<DaemonElsewhere> find(StoreLocation location, List<Node> nodes) {
    Optional<Node> here =
        nodes.stream()
            .filter(Node::isAlive)
            .filter(node -> Ownership.isOfThisMachine(node.name()))
            .findFirst();
    return here.isEmpty() || RunLock.isTaken(location)
        ? Optional.empty()
        : here.map(
            node -> new DaemonElsewhere(node.name(), StoreLocation.folderOf(location.base())));
  }

  /** What is wrong, for people. */
  public String what() {
    return "the daemon "
        + node
        + " runs on this machine, but not with the files in "
        + folder
        + ": what it keeps beside the store (spool, head of the log) is not seen there";
  }

  /** What to do about it. */
  public String next() {
    return "name its folder as store.directory in the YAML, or set STATE_DIRECTORY as its unit does;"
        + " if "
        + folder
        + " is of another daemon, start that one";
  }
}
