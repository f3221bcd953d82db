package io.refreshd.config;

import java.io.Reader;
import java.io.StringReader;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.NodeEvent;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.IOContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;
import tools.jackson.dataformat.yaml.YAMLSchema;

/**
 * Jackson's YAML, with the anchors of all nodes: its own parser keeps those of scalars to itself,
 * and the one that replays anchors hides where a merge key stands, so that nobody could tell whose
 * value is whose. Only {@code null} is told from text; all else is taken as written.
 */
final class AnchoredYaml extends YAMLFactory {

  private static final AnchoredYaml FACTORY = new AnchoredYaml();

  private AnchoredYaml() {
    super(YAMLFactory.builder().yamlSchema(YAMLSchema.CORE));
  }

  /** A parser whose object id is the anchor of the current node, or of the alias. */
  static JsonParser parser(String text) {
    return FACTORY.createParser(ObjectReadContext.empty(), new StringReader(text));
  }

  @Override
  protected YAMLParser _createParser(ObjectReadContext context, IOContext io, Reader text) {
    return new YAMLParser(
        context,
        io,
        _getBufferRecycler(),
        context.getStreamReadFeatures(_streamReadFeatures),
        context.getFormatReadFeatures(_formatReadFeatures),
        _loadSettings,
        text) {
      @Override
      public @Nullable String getObjectId() {
        return _lastEvent instanceof NodeEvent node
            ? node.getAnchor().map(Anchor::getValue).orElse(null)
            : null;
      }
    };
  }
}
