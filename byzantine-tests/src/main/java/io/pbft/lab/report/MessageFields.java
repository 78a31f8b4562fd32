package io.pbft.lab.report;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.crypto.Digest;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Messages are records: their components are what there is to show. */
final class MessageFields {
  /** Of a message that has no view, or no sequence number. */
  static final long NONE = -1;

  private static final int SHOWN_ELEMENTS = 12;
  private static final int SHOWN_TEXT = 60;

  /** Asking a class for its components is slow. */
  private static final ClassValue<RecordComponent[]> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
          return type.getRecordComponents();
        }
      };

  private MessageFields() {}

  static String kind(Message message) {
    return message.type().name().replace('_', '-');
  }

  /** A checkpoint's sequence number counts states, not slots. */
  static long slot(Message message) {
    return message instanceof Checkpoint ? NONE : number(message, "sequence");
  }

  static long view(Message message) {
    return number(message, "view");
  }

  static Digest digest(Message message) {
    return component((Record) message, "digest") instanceof Digest digest ? digest : null;
  }

  /** Says a view, a slot and a digest, and nothing else. */
  static boolean isVote(Message message) {
    return message instanceof Prepare || message instanceof Commit;
  }

  private static long number(Message message, String name) {
    return component((Record) message, name) instanceof Long value ? value : NONE;
  }

  private static Object component(Record message, String name) {
    for (RecordComponent each : COMPONENTS.get(message.getClass())) {
      if (each.getName().equals(name)) {
        return value(message, each);
      }
    }
    return null;
  }

  private static Object value(Record message, RecordComponent component) {
    try {
      return component.getAccessor().invoke(message);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no access to " + component, e);
    }
  }

  /** Component by component, in the order of the papers' notation. */
  static Map<String, String> of(Message message) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (RecordComponent each : COMPONENTS.get(message.getClass())) {
      fields.put(words(each.getName()), show(value((Record) message, each)));
    }
    return fields;
  }

  /** {@code resultDigest} as {@code result digest}. */
  private static String words(String name) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      words.append(Character.isUpperCase(c) ? " " + Character.toLowerCase(c) : c);
    }
    return words.toString();
  }

  private static String show(Object value) {
    if (value == null) {
      return "–";
    } else if (value instanceof Batch batch) {
      return batch.isNull() ? "∅, the null batch" : list(batch.requests());
    } else if (value instanceof AuthenticatedRequest request) {
      String proof = request.isSigned() ? ", signed" : "";
      return request(request.request()) + proof;
    } else if (value instanceof Request request) {
      return request(request);
    } else if (value instanceof Result result) {
      return result.outcome() + " " + text(result.bytes());
    } else if (value instanceof byte[] bytes) {
      return text(bytes);
    } else if (value instanceof Envelope envelope) {
      return envelope.content().length + " bytes " + envelope.digest();
    } else if (value instanceof List<?> list) {
      return list(list);
    }
    return value instanceof Record record ? record(record) : value.toString();
  }

  private static String request(Request request) {
    return "c" + request.client() + " #" + request.timestamp() + " " + text(request.operation());
  }

  private static String list(List<?> list) {
    String shown =
        list.stream()
            .limit(SHOWN_ELEMENTS)
            .map(MessageFields::show)
            .collect(Collectors.joining("; "));
    int more = list.size() - SHOWN_ELEMENTS;
    return list.isEmpty() ? "none" : more > 0 ? shown + "; and " + more + " more" : shown;
  }

  private static String record(Record record) {
    List<String> parts = new ArrayList<>();
    for (RecordComponent each : COMPONENTS.get(record.getClass())) {
      parts.add(show(value(record, each)));
    }
    return String.join(" · ", parts);
  }

  /** As text where it is text, else its length. */
  static String text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.chars().noneMatch(Character::isISOControl)) {
        return text.length() <= SHOWN_TEXT
            ? "“" + text + "”"
            : "“" + text.substring(0, SHOWN_TEXT) + "…” (" + bytes.length + " bytes)";
      }
    } catch (CharacterCodingException e) {
      return bytes.length + " bytes";
    }
    return bytes.length + " bytes";
  }
}
