package io.pbft.lab.oracle;

import io.pbft.core.message.Result;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What one key of a service does, sequentially; histories are checked against it.
 *
 * @param <S> a value with {@code equals} and {@code hashCode}
 */
public interface Model<S> {
  /** The part of the state that an operation touches, and nothing else touches. */
  String key(byte[] input);

  S initial();

  /** The state after the operation, or null when this output can't come from this state. */
  S apply(S state, byte[] input, Result output);

  /** The registers of {@code RegisterMachine}: a write answers with the old value. */
  static Model<String> registers() {
    return new Model<>() {
      @Override
      public String key(byte[] input) {
        String text = text(input);
        int equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals);
      }

      @Override
      public String initial() {
        return "";
      }

      @Override
      public String apply(String state, byte[] input, Result output) {
        boolean fits =
            output == null
                || (output.outcome() == Result.Outcome.OK
                    && Arrays.equals(output.bytes(), state.getBytes(StandardCharsets.UTF_8)));
        String text = text(input);
        int equals = text.indexOf('=');
        String after = equals < 0 ? state : text.substring(equals + 1);
        return fits ? after : null;
      }

      private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
      }
    };
  }
}
