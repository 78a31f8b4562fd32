package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void writesWhatItIsGivenInItsOrder() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", 1L);
    map.put("a", Arrays.asList(null, true, 1.5, "x"));
    map.put("empty", List.of());
    map.put("none", Map.of());
    assertThat(Json.write(map))
        .isEqualTo("{\"z\":1,\"a\":[null,true,1.5,\"x\"],\"empty\":[],\"none\":{}}");
  }

  @Test
  void escapesWhatJsonCannotHold() {
    assertThat(Json.write("a\"b\\c\nd\u0001 Å")).isEqualTo("\"a\\\"b\\\\c\\u000ad\\u0001 Å\"");
  }
}
