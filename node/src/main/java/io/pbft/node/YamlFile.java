package io.pbft.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the part of YAML that a configuration needs: groups, lists and plain values. Anchors,
 * aliases, tags, a second document and deep nesting are refused, so a small file cannot become a
 * large tree.
 */
final class YamlFile {
  static final int MAX_BYTES = 4 * 1024 * 1024;
  private static final int MAX_DEPTH = 8;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(MAX_BYTES).build();

  private final String file;
  private Iterator<Event> events;

  private YamlFile(String file) {
    this.file = file;
  }

  /** Reads a file whose top level is a group of fields. */
  static YamlNode.Mapping read(Path path) throws ConfigException {
    return parse(path.toString(), text(path));
  }

  /**
   * @param file how messages name the text
   */
  static YamlNode.Mapping parse(String file, String text) throws ConfigException {
    YamlFile parser = new YamlFile(file);
    try {
      parser.events = new Parse(SETTINGS).parseString(text).iterator();
      return parser.document();
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      throw parser.error(line, "is not valid YAML: " + oneLine(e.getProblem()), "mend the line", e);
    } catch (YamlEngineException e) {
      throw new ConfigException(file + ": is not valid YAML: " + oneLine(e.getMessage()), e);
    }
  }

  private static String text(Path path) throws ConfigException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new ConfigException(
            path + ": is longer than " + MAX_BYTES + " bytes; name the right file");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw new ConfigException(
          path + ": does not exist; name a cluster's directory, or make one with `pbft init`", e);
    } catch (AccessDeniedException e) {
      throw new ConfigException(path + ": can't be read; check its owner and permissions", e);
    } catch (CharacterCodingException e) {
      throw new ConfigException(path + ": is not UTF-8 text; name the right file", e);
    } catch (IOException e) {
      throw new ConfigException(
          path + ": can't be read (" + oneLine(e.getMessage()) + "); name a readable file", e);
    }
  }

  private YamlNode.Mapping document() throws ConfigException {
    YamlNode root = null;
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof DocumentStartEvent && root != null) {
        throw error(lineOf(event), "a second document begins here", "keep one to a file", null);
      }
      if (event instanceof NodeEvent) {
        root = node(event, 0);
      }
    }
    if (root instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    if (root == null || (root instanceof YamlNode.Scalar scalar && scalar.text() == null)) {
      throw new ConfigException(file + ": is empty; write one with `pbft init`");
    }
    throw error(
        root.line(),
        "is " + root.kind() + ", not a group of fields",
        "see docs/configuration.md",
        null);
  }

  private YamlNode node(Event event, int depth) throws ConfigException {
    int line = lineOf(event);
    refuseFeatures(event, line);
    if (depth > MAX_DEPTH) {
      throw error(line, "is nested too deeply", "no field needs more than a few levels", null);
    }
    if (event instanceof ScalarEvent scalar) {
      boolean absent = scalar.getScalarStyle() == ScalarStyle.PLAIN && scalar.getValue().isEmpty();
      return new YamlNode.Scalar(absent ? null : scalar.getValue(), line);
    }
    return event instanceof SequenceStartEvent ? sequence(line, depth) : mapping(line, depth);
  }

  private YamlNode.Sequence sequence(int line, int depth) throws ConfigException {
    List<YamlNode> items = new ArrayList<>();
    for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
      items.add(node(event, depth + 1));
    }
    return new YamlNode.Sequence(List.copyOf(items), line);
  }

  private YamlNode.Mapping mapping(int line, int depth) throws ConfigException {
    List<YamlNode.Entry> entries = new ArrayList<>();
    for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
      YamlNode key = node(event, depth + 1);
      if (!(key instanceof YamlNode.Scalar scalar) || scalar.text() == null) {
        throw error(key.line(), "a field's name is missing", "write it as `name: value`", null);
      }
      entries.add(new YamlNode.Entry(scalar.text(), node(events.next(), depth + 1), key.line()));
    }
    return new YamlNode.Mapping(List.copyOf(entries), line);
  }

  private void refuseFeatures(Event event, int line) throws ConfigException {
    if (event instanceof AliasEvent || ((NodeEvent) event).getAnchor().isPresent()) {
      throw error(line, "anchors (&) and aliases (*) are not allowed", "write it out", null);
    }
    boolean tagged =
        (event instanceof ScalarEvent scalar && scalar.getTag().isPresent())
            || (event instanceof SequenceStartEvent list && list.getTag().isPresent())
            || (event instanceof MappingStartEvent group && group.getTag().isPresent());
    if (tagged) {
      throw error(line, "tags (!) are not allowed", "leave it out", null);
    }
  }

  private static int lineOf(Event event) {
    return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  private ConfigException error(int line, String what, String mend, Throwable cause) {
    return new ConfigException(file + ":" + line + ": " + what + "; " + mend, cause);
  }

  /** Messages of libraries may be long and quote the file: the first line, cut, will do. */
  static String oneLine(String text) {
    if (text == null) {
      return "no reason given";
    }
    String first = text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
    return first.length() <= 120 ? first : first.substring(0, 120) + "...";
  }
}
