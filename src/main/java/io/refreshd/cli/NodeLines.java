package io.refreshd.cli;

import io.refreshd.rotation.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The daemons that share a store, a line for each: who lives, who was seen last when. */
final class NodeLines {

  private NodeLines() {}

  static List<String> of(List<Node> nodes, Console console) {
    List<String> lines = new ArrayList<>();
    if (!nodes.isEmpty()) {
      lines.add("");
      lines.add(console.paint(Console.Paint.DIM, "NODES"));
      int width = nodes.stream().mapToInt(node -> node.name().length()).max().orElse(1);
      nodes.forEach(node -> lines.add(line(node, width, console)));
    }
    return lines;
  }

  private static String line(Node node, int width, Console console) {
    Console.Paint paint = node.isAlive() ? Console.Paint.GREEN : Console.Paint.YELLOW;
    String seen = "seen " + Span.of(node.silence()) + " ago";
    String clock =
        node.isNoticeablyOff()
            ? String.format(Locale.ROOT, ", clock %+.1f s off", node.skew().toMillis() / 1_000d)
            : "";
    return String.format(Locale.ROOT, "%-" + width + "s  ", node.name())
        + console.paint(paint, node.isAlive() ? "alive" : "silent")
        + "  "
        + seen
        + clock;
  }
}
