package io.pbft.core.scene;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** How much an object holds on to: what can be reached from it, counted and not guessed. */
public final class Footprint {
  private static final int OBJECT = 16;

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final ArrayDeque<Object> todo = new ArrayDeque<>();
  private long bytes;

  private Footprint() {}

  /** About the bytes of all objects reachable from {@code root}; the same in every run. */
  public static long of(Object root) {
    Footprint footprint = new Footprint();
    footprint.reach(root);
    while (!footprint.todo.isEmpty()) {
      footprint.visit(footprint.todo.remove());
    }
    return footprint.bytes;
  }

  private void reach(Object object) {
    if (object != null && seen.add(object)) {
      todo.add(object);
    }
  }

  private void visit(Object object) {
    bytes += OBJECT;
    Class<?> type = object.getClass();
    if (type.isArray()) {
      visitArray(object, type);
    } else if (object instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            reach(key);
            reach(value);
          });
    } else if (object instanceof Iterable<?> elements) {
      elements.forEach(this::reach);
    } else if (type.getName().startsWith("io.pbft.") && !type.isHidden() && !type.isEnum()) {
      visitFields(object, type);
    }
  }

  private void visitArray(Object array, Class<?> type) {
    int length = Array.getLength(array);
    if (type.getComponentType().isPrimitive()) {
      bytes += length;
      return;
    }
    for (int i = 0; i < length; i++) {
      reach(Array.get(array, i));
    }
  }

  private void visitFields(Object object, Class<?> type) {
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        bytes += Long.BYTES;
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          try {
            reach(field.get(object));
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
  }
}
