package io.pbft.lab.scenario;

import java.util.ArrayList;
import java.util.List;

/**
 * A phrase's pattern: its first word, and what may or must follow.
 *
 * @param help what it does, in a line
 */
record Form(String head, List<Param> params, String help) {
  static Form of(String head, String help) {
    return new Form(head, List.of(), help);
  }

  private Form with(Param param) {
    List<Param> more = new ArrayList<>(params);
    more.add(param);
    return new Form(head, List.copyOf(more), help);
  }

  Form takes(String name, Kind kind) {
    return with(new Param(name, Param.Style.POSITIONAL, kind, true));
  }

  /** A bound at its place, such as {@code >= 2}, that may be left out. */
  Form mayCompare(Kind kind) {
    return with(new Param("times", Param.Style.POSITIONAL, kind, false));
  }

  Form named(String name, Kind kind) {
    return with(new Param(name, Param.Style.NAMED, kind, false));
  }

  Form needs(String name, Kind kind) {
    return with(new Param(name, Param.Style.NAMED, kind, true));
  }

  Form bound(String name) {
    return with(new Param(name, Param.Style.BOUND, Kind.COMPARE, false));
  }

  Form bound(String name, Kind kind) {
    return with(new Param(name, Param.Style.BOUND, kind, false));
  }

  Form word(String name, Kind kind) {
    return with(new Param(name, Param.Style.WORD, kind, false));
  }

  Form needsWord(String name, Kind kind) {
    return with(new Param(name, Param.Style.WORD, kind, true));
  }

  Form flag(String name) {
    return with(new Param(name, Param.Style.FLAG, Kind.FLAG, false));
  }

  /** The parameter, or null. */
  Param param(String name) {
    return params.stream().filter(p -> p.name().equals(name)).findFirst().orElse(null);
  }

  List<Param> positional() {
    return params.stream().filter(p -> p.style() == Param.Style.POSITIONAL).toList();
  }
}
