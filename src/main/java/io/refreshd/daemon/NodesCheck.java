package io.refreshd.daemon;

import io.refreshd.rotation.Finding;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Looks at the daemons that share a store. */
final class NodesCheck {

  private NodesCheck() {}

  static List<Finding> of(List<Node> nodes) {
    List<Node> alive = nodes.stream().filter(Node::isAlive).toList();
    if (alive.isEmpty()) {
      return List.of(
          new Finding(
              Level.WARNING,
              "daemon",
              "none runs on this store: nothing is rotated by itself",
              "systemctl start refreshd, or refreshd run"));
    }
    List<Finding> findings = new ArrayList<>();
    String names = alive.stream().map(Node::name).collect(Collectors.joining(", "));
    findings.add(Finding.ok("daemon", alive.size() + " on this store: " + names));
    int newest = alive.stream().mapToInt(Node::schema).max().orElseThrow();
    for (Node node : alive) {
      if (node.isNoticeablyOff()) {
        findings.add(
            new Finding(
                Level.WARNING,
                "clock",
                StandingBack.clock(node),
                "timedatectl and chronyc tracking, on that machine and on the database's"));
      }
      if (node.schema() < newest) {
        findings.add(
            new Finding(
                Level.WARNING,
                "daemon",
                node.name() + " is an older refreshd (" + node.version() + ") and rotates nothing",
                "upgrade it"));
      }
    }
    return findings;
  }
}
