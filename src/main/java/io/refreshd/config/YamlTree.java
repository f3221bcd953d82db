package io.refreshd.config;

import io.refreshd.config.Node.Duplicate;
import io.refreshd.config.Node.Entry;
import io.refreshd.config.Node.Mapping;
import io.refreshd.config.Node.Nothing;
import io.refreshd.config.Node.Scalar;
import io.refreshd.config.Node.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads one YAML or JSON document. An alias is the very node that its anchor holds, and a merge key
 * ({@code <<}) is resolved when its mapping ends, so what stands nearer wins however deep bases are
 * nested; depth and size of the whole are bounded as if everything were written out.
 */
final class YamlTree {

  private static final int DEPTH = 32;
  private static final int NODES = 200_000;
  private static final String MERGE = "<<";

  private static final TokenStreamFactory JSON = new JsonFactory();

  private final SourceFile file;
  private final JsonParser parser;

  /** Where all of the document is, if it is a text in another one. */
  private final @Nullable Place within;

  private final Map<String, Node> anchors = new HashMap<>();

  private int nodes;

  private YamlTree(SourceFile file, JsonParser parser, @Nullable Place within) {
    this.file = file;
    this.parser = parser;
    this.within = within;
  }

  /**
   * The document in the text.
   *
   * @throws Mistake if it is not one YAML document within the bounds
   */
  static Node parse(SourceFile file, String text) throws Mistake {
    try (JsonParser parser = AnchoredYaml.parser(text)) {
      return new YamlTree(file, parser, null).document();
    } catch (JacksonException e) {
      throw YamlMistakes.of(file, text, e);
    }
  }

  /**
   * The JSON document in the text. Tabs and all else that JSON allows and YAML does not are fine.
   *
   * @throws Mistake if it is not one JSON document within the bounds
   */
  static Node parseJson(SourceFile file, String text) throws Mistake {
    return parseJson(file, text, null);
  }

  /** The JSON document in a text of another document: all of it is at that text's place. */
  static Node parseJson(Scalar outer) throws Mistake {
    return parseJson(outer.place().file(), outer.text(), outer.place());
  }

  private static Node parseJson(SourceFile file, String text, @Nullable Place within)
      throws Mistake {
    String json = text.startsWith("\uFEFF") ? text.substring(1) : text;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      return new YamlTree(file, parser, within).document();
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      Place place = at == null ? file.whole() : new Place(file, at.getLineNr(), at.getColumnNr());
      throw new Mistake(
          within == null ? place : within,
          "not valid JSON; would be as Microsoft Graph or PowerShell shows it");
    }
  }

  private Node document() throws Mistake {
    JsonToken first = parser.nextToken();
    if (first == null) {
      return new Nothing(new Place(file, 1, 1));
    }
    Node root = node(first, 0);
    if (parser.nextToken() != null) {
      throw new Mistake(here(), "a second document; would be one document in a file");
    }
    return root;
  }

  private Node node(JsonToken token, int depth) throws Mistake {
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      return aliased(depth);
    }
    count(depth);
    String anchor = anchor();
    Node node =
        switch (token) {
          case START_OBJECT -> mapping(depth);
          case START_ARRAY -> sequence(depth);
          case VALUE_NULL -> new Nothing(here());
          default -> new Scalar(here(), parser.getString());
        };
    keepAnchor(anchor, node);
    return node;
  }

  private void keepAnchor(@Nullable String anchor, Node node) {
    if (anchor != null) {
      anchors.put(anchor, node);
    }
  }

  private @Nullable String anchor() {
    Object id = parser.getObjectId();
    return id == null ? null : id.toString();
  }

  private Node aliased(int depth) throws Mistake {
    Node node = anchors.get(parser.getString());
    if (node == null) {
      throw new Mistake(
          here(),
          "not valid YAML: an alias (*) without its anchor (&); put a value that starts with * in"
              + " quotes");
    }
    countAll(node, depth);
    return node;
  }

  private void countAll(Node node, int depth) throws Mistake {
    count(depth);
    if (node instanceof Mapping mapping) {
      for (Entry entry : mapping.entries().values()) {
        countAll(entry.value(), depth + 1);
      }
    } else if (node instanceof Sequence sequence) {
      for (Node item : sequence.items()) {
        countAll(item, depth + 1);
      }
    }
  }

  private void count(int depth) throws Mistake {
    if (depth > DEPTH) {
      throw new Mistake(here(), "nested more than " + DEPTH + " deep");
    }
    if (++nodes > NODES) {
      throw new Mistake(here(), "more than " + NODES + " values, aliases counted each time");
    }
  }

  private Sequence sequence(int depth) throws Mistake {
    Place place = here();
    List<Node> items = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      items.add(node(t, depth + 1));
    }
    return new Sequence(place, items);
  }

  private Mapping mapping(int depth) throws Mistake {
    Place place = here();
    Map<String, Entry> entries = new LinkedHashMap<>();
    List<Duplicate> duplicates = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.getString();
      Place keyPlace = here();
      keepAnchor(anchor(), new Scalar(keyPlace, key));
      Entry entry = new Entry(keyPlace, node(parser.nextToken(), depth + 1));
      Entry before = entries.putIfAbsent(key, entry);
      if (before != null) {
        duplicates.add(new Duplicate(key, keyPlace, before.keyPlace()));
      }
    }
    if (parser instanceof YAMLParser) {
      merge(entries);
    }
    return new Mapping(place, entries, duplicates);
  }

  /** The mapping's own keys win, and then those of the base that is named first. */
  private static void merge(Map<String, Entry> entries) throws Mistake {
    Entry merge = entries.remove(MERGE);
    if (merge == null) {
      return;
    }
    List<Node> bases =
        merge.value() instanceof Sequence sequence ? sequence.items() : List.of(merge.value());
    for (Node base : bases) {
      if (!(base instanceof Mapping mapping)) {
        throw new Mistake(
            merge.keyPlace(), "not valid YAML: << takes an alias of a mapping, or a list of them");
      }
      mapping.entries().forEach(entries::putIfAbsent);
    }
  }

  private Place here() {
    if (within != null) {
      return within;
    }
    TokenStreamLocation at = parser.currentTokenLocation();
    return new Place(file, at.getLineNr(), at.getColumnNr());
  }
}
