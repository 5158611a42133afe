package io.tidegate.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributesTest {

  @Test
  void are_the_map_they_were_made_of_in_order_of_name() {
    Map<String, String> map = Map.of("b", "2", "a", "1", "c", "");
    Attributes attributes = Attributes.copyOf(map);
    assertThat(attributes).isEqualTo(map).hasSameHashCodeAs(map);
    assertThat(attributes.flat()).containsExactly("a", "1", "b", "2", "c", "");
    assertThat(attributes.get("b")).isEqualTo("2");
    assertThat(attributes.get("d")).isNull();
    assertThat(attributes.containsKey("c")).isTrue();
    assertThat(Attributes.copyOf(attributes)).isSameAs(attributes);
    assertThat(Attributes.copyOf(Map.of())).isSameAs(Attributes.NONE).isEmpty();
  }

  @Test
  void pairs_in_any_order_make_the_same() {
    assertThat(Attributes.ofPairs(new String[] {"c", "3", "a", "1", "b", "2"}))
        .isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
    assertThat(Attributes.ofPairs(new String[0])).isSameAs(Attributes.NONE);
  }

  @Test
  void a_name_given_twice_makes_none() {
    assertThat(Attributes.ofPairs(new String[] {"a", "1", "b", "2", "a", "3"})).isNull();
    assertThat(Attributes.ofPairs(new String[] {"a", "1", "a", "1"})).isNull();
  }

  @Test
  void neither_name_nor_value_is_null() {
    Map<String, String> map = new HashMap<>();
    map.put("a", null);
    assertThatNullPointerException().isThrownBy(() -> Attributes.copyOf(map));
  }
}
